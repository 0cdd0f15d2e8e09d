import type { Refusal } from '../domain/refusal.ts';
import type { TopicChanges } from '../domain/topic.ts';
import type { Done, InApp } from './command-base.ts';

/** `create_topic` and `import_topic`, which tells nobody (tencent-rest-group C1.23, C1.27). */
export interface CreateTopic extends InApp {
  readonly type: 'createTopic';
  readonly operator: string;
  /** App admins need no account. */
  readonly operatorIsAdmin: boolean;
  readonly groupId: string;
  /** Absent: the store makes one out of `idSeed`. */
  readonly topicId?: string;
  readonly idSeed: string;
  readonly name: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly customString?: string;
  readonly imported: boolean;
  /** Unix seconds; absent: now. Of an imported topic only. */
  readonly createTime?: number;
}

/** `modify_topic`: what is absent stays (tencent-rest-group C1.26). */
export interface ModifyTopic extends InApp, TopicChanges {
  readonly type: 'modifyTopic';
  readonly operator: string;
  readonly operatorIsAdmin: boolean;
  readonly groupId: string;
  readonly topicId: string;
  readonly customString?: string;
}

export interface DestroyTopics extends InApp {
  readonly type: 'destroyTopics';
  readonly operator: string;
  readonly groupId: string;
  readonly topicIds: readonly string[];
}

export type TopicCommand = CreateTopic | ModifyTopic | DestroyTopics;

export interface TopicResultMap {
  createTopic: { readonly kind: 'created'; readonly topicId: string } | Refusal;
  modifyTopic: Done | Refusal;
  /** Those that were there. */
  destroyTopics: { readonly kind: 'done'; readonly destroyed: readonly string[] } | Refusal;
}
