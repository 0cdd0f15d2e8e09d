import type { EventOrigin } from './event.ts';

/** What an app backend may be asked about before it happens to a group, by kind (tencent-webhooks C.6, C.8, C.9, C.16). */
interface PendingFacts {
  /** `members`: those the request names. */
  readonly 'group.before-create': {
    readonly operator: string;
    /** Empty: no owner. */
    readonly owner: string;
    readonly name: string;
    readonly members: readonly string[];
    readonly admins?: readonly string[];
    readonly introduction?: string;
    readonly notification?: string;
    readonly faceUrl?: string;
    readonly applyJoinOption?: string;
  };
  /** Only users ask to join, by a client; `reason` is what they write to the admins. */
  readonly 'group.before-apply': { readonly applicant: string; readonly reason?: string };
  /** Users who are about to be added; none of them is a member yet. */
  readonly 'group.before-invite': { readonly operator: string; readonly members: readonly string[] };
  readonly 'group.topic.before-create': { readonly operator: string; readonly name: string };
}

export type PendingChangeKind = keyof PendingFacts;

interface PendingPlace extends EventOrigin {
  /** Empty for a group whose id the server is to make. */
  readonly groupId: string;
  readonly groupType: string;
  /** When the question is asked, unix milliseconds. */
  readonly eventTime: number;
}

/** A change that an app backend is asked about. Distributes: of several kinds it is the union told apart by `kind`. */
export type PendingChange<Kind extends PendingChangeKind = PendingChangeKind> = {
  readonly [K in Kind]: PendingPlace & PendingFacts[K] & { readonly kind: K };
}[Kind];

/** The same question as an app backend reads it. Texts are empty where the dialect does not tell them. */
export type GroupQuestion<Kind extends PendingChangeKind = PendingChangeKind> = {
  readonly [K in Kind]: QuestionPlace & PendingFacts[K] & { readonly kind: K };
}[Kind];

export interface QuestionPlace {
  /** Empty also for a group that does not exist yet, in the dialect `tencent`, and for one whose id the server is to make. */
  readonly groupId: string;
  readonly groupType: string;
  /** Unix milliseconds. */
  readonly eventTime?: number;
}
