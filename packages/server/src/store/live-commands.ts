import type { Marking } from '../domain/live-members.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { InApp } from './command-base.ts';

/** `modify_user_info`: marks of members of an AVChatRoom (tencent-rest-group C1.22). */
export interface MarkLiveMembers extends InApp {
  readonly type: 'markLiveMembers';
  readonly groupId: string;
  readonly how: 'set' | 'delete';
  readonly members: readonly Marking[];
}

export interface LiveResultMap {
  /** Those who are online. */
  markLiveMembers: { readonly kind: 'done'; readonly members: readonly Marking[] } | Refusal;
}
