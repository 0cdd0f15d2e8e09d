import type { GroupAt, GroupType, MsgPriority } from '@confab-im/protocol';
import type { ApplyJoinOption, InviteJoinOption, KeyValue, MsgFlag, Role } from '../domain/group.ts';
import type { Attribute, AttributeWrite } from '../domain/group-attributes.ts';
import type { Counter, CounterMode } from '../domain/group-counters.ts';
import type { ProfileChanges } from '../domain/modify-group.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { DeleteAccounts, ImportAccounts, MuteAccount, RevokeSignatures } from './account-commands.ts';
import type { CommandSource, Done, InApp } from './command-base.ts';
import type { LaneKey } from './lanes.ts';
import type { LiveResultMap, MarkLiveMembers } from './live-commands.ts';
import type { MessageCommand, MessageResults } from './message-commands.ts';
import type {
  Audit,
  Checkpoint,
  CloseDeadLetters,
  ContinueJobs,
  DeleteEndpoint,
  PutEndpoint,
  ReplayDeadLetter,
  SetEndpointPaused,
  StartReplay,
  SyncEndpoints,
  Trim,
} from './pipeline-commands.ts';
import type { TopicCommand, TopicResultMap } from './topic-commands.ts';

export type * from './account-commands.ts';
export type * from './pipeline-commands.ts';
export type { CommandSource, Done };

/**
 * What the store does to its state, as values. A batch of commands is one transaction; a refused command changes nothing
 * and leaves its neighbours alone. `now` is unix milliseconds, given by the caller: the store reads no clock.
 */
export type Command =
  | ImportAccounts
  | DeleteAccounts
  | MuteAccount
  | RevokeSignatures
  | CreateGroup
  | ImportGroup
  | ModifyGroup
  | ChangeOwner
  | DestroyGroup
  | AddMembers
  | DeleteMembers
  | ImportMembers
  | ModifyMember
  | MuteMembers
  | WriteAttributes
  | UpdateCounters
  | DeleteCounters
  | BanMembers
  | TopicCommand
  | MarkLiveMembers
  | SendMessage
  | ReportSendFailure
  | MessageCommand
  | Checkpoint
  | PutEndpoint
  | SyncEndpoints
  | SetEndpointPaused
  | DeleteEndpoint
  | StartReplay
  | ReplayDeadLetter
  | CloseDeadLetters
  | ContinueJobs
  | Trim
  | Audit;

/** A group as it begins. */
interface NewGroup extends InApp {
  readonly operator: string;
  readonly groupType: GroupType;
  readonly name: string;
  readonly owner?: string;
  /** Absent: the store makes `@TGS#…` (Community `@TGS#_@TGS#…`) out of `idSeed`. */
  readonly groupId?: string;
  /** 9 or more characters A–Z and 0–9, random, for a group id made by the server. */
  readonly idSeed: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly maxMemberNum?: number;
  readonly applyJoinOption?: ApplyJoinOption;
  readonly inviteJoinOption?: InviteJoinOption;
  readonly supportTopic?: boolean;
  readonly enablePermission?: boolean;
  readonly defaultPermission?: number;
  readonly appDefinedData?: readonly KeyValue[];
}

export interface CreateGroup extends NewGroup {
  readonly type: 'createGroup';
  readonly members?: readonly {
    readonly userId: string;
    readonly role?: Role;
    readonly appDefinedData?: readonly KeyValue[];
  }[];
}

/** A group that was elsewhere before: nobody is told of it (tencent-rest-group C1.7). */
export interface ImportGroup extends NewGroup {
  readonly type: 'importGroup';
  /** Unix seconds; absent: now. */
  readonly createTime?: number;
}

/** Who shows as the one who did it: the caller, or an account that he names. */
interface ByOperator extends InApp {
  readonly operator: string;
  /** App admins need no account. */
  readonly operatorIsAdmin: boolean;
}

/** Changes the profile (tencent-rest-group C1.6). */
export interface ModifyGroup extends ByOperator {
  readonly type: 'modifyGroup';
  readonly groupId: string;
  readonly changes: ProfileChanges;
}

export interface ChangeOwner extends ByOperator {
  readonly type: 'changeOwner';
  readonly groupId: string;
  readonly newOwner: string;
}

export interface DestroyGroup extends InApp {
  readonly type: 'destroyGroup';
  readonly operator: string;
  readonly groupId: string;
}

export interface AddMembers extends InApp {
  readonly type: 'addMembers';
  readonly operator: string;
  readonly groupId: string;
  readonly userIds: readonly string[];
  readonly silent: boolean;
  /** Whom the app backends that were asked have let in: nobody else joins, whatever has changed since. Absent: nobody was asked. */
  readonly letIn?: readonly string[];
}

export interface DeleteMembers extends InApp {
  readonly type: 'deleteMembers';
  readonly operator: string;
  readonly groupId: string;
  readonly userIds: readonly string[];
  readonly silent: boolean;
  readonly reason?: string;
}

/** Members that were in the group elsewhere: nobody is told of them (tencent-rest-group C1.17). */
export interface ImportMembers extends InApp {
  readonly type: 'importMembers';
  readonly groupId: string;
  readonly members: readonly ImportedMember[];
}

export interface ImportedMember {
  readonly userId: string;
  readonly admin: boolean;
  /** Unix seconds; absent: now. */
  readonly joinTime?: number;
  /** More than the group has count as all. */
  readonly unread: number;
}

/** Changes one member (tencent-rest-group C1.11); absent fields stay. */
export interface ModifyMember extends InApp {
  readonly type: 'modifyMember';
  readonly operator: string;
  readonly groupId: string;
  readonly userId: string;
  readonly role?: 'Admin' | 'Member';
  readonly msgFlag?: MsgFlag;
  readonly nameCard?: string;
  /** Sets these keys; an empty value takes one away. */
  readonly appDefinedData?: readonly KeyValue[];
  /** As in `MuteMembers`. */
  readonly muteSeconds?: number;
}

/** `seconds` 0 ends the ban, 4294967295 is for ever (tencent-rest-group C1.16). */
export interface BanMembers extends InApp {
  readonly type: 'banMembers';
  readonly operator: string;
  readonly groupId: string;
  readonly userIds: readonly string[];
  readonly seconds: number;
  readonly description: string;
}

/** `seconds` 0 ends the mute, 4294967295 is for ever. */
export interface MuteMembers extends InApp {
  readonly type: 'muteMembers';
  readonly operator: string;
  readonly groupId: string;
  /** Mutes in this topic alone. */
  readonly topicId?: string;
  readonly userIds: readonly string[];
  readonly seconds: number;
}

/** The four ways of writing a group's custom attributes (tencent-rest-group C1.18). */
export interface WriteAttributes extends InApp {
  readonly type: 'writeAttributes';
  readonly operator: string;
  readonly groupId: string;
  readonly write: AttributeWrite;
}

/** `update_group_counter` (tencent-rest-group C1.19). */
export interface UpdateCounters extends InApp {
  readonly type: 'updateCounters';
  readonly groupId: string;
  readonly mode: CounterMode;
  readonly counters: readonly Counter[];
}

export interface DeleteCounters extends InApp {
  readonly type: 'deleteCounters';
  readonly groupId: string;
  /** Absent: all of them. */
  readonly keys?: readonly string[];
}

/** `send_group_msg` after its shape was checked (tencent-rest-message C2.1). */
export interface SendMessage extends InApp {
  readonly type: 'sendMessage';
  readonly groupId: string;
  readonly topicId?: string;
  readonly sender: string;
  readonly operator: string;
  /** App admins outrank mutes. */
  readonly senderIsAdmin: boolean;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly onlineOnly: boolean;
  /** Canonical JSON text of `MsgBody`. */
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
  /** `messageDigest` of what the caller sent, when a before-webhook has rewritten it: a repetition is recognised by that. */
  readonly sentDigest?: string;
  readonly at?: readonly GroupAt[];
  /** Targeted message: only these members receive it. */
  readonly to?: readonly string[];
  readonly noUnread: boolean;
  readonly noLastMsg: boolean;
  /** `ForbidCallbackControl`: this message fires no after-send webhook. */
  readonly forbidAfterWebhook: boolean;
  readonly offlinePushInfoJson?: string;
  readonly supportMessageExtension: boolean;
  readonly needReadReceipt: boolean;
  readonly clientIp: string;
  readonly platform: string;
  readonly operationId: string;
  /** The span that sent it, as a W3C traceparent: deliveries go on from it. Only while tracing is on. */
  readonly traceparent?: string;
}

/** Tells who asks for it that a message was refused before it came to be sent (tencent-webhooks C.3). */
export interface ReportSendFailure extends InApp {
  readonly type: 'reportSendFailure';
  readonly send: SendMessage;
  readonly refusal: Refusal;
}

export interface SentMessage {
  readonly kind: 'sent';
  readonly streamId: number;
  readonly logSeq: number;
  readonly msgSeq: number;
  /** Unix seconds. */
  readonly msgTime: number;
  /** What the store knew of the message besides its command; absent when no endpoint wants it. */
  readonly event?: SentFacts;
}

export interface SentFacts {
  /** Unix ms. */
  readonly time: number;
  readonly groupType: GroupType;
  readonly onlineOnly: boolean;
  /** The sender's account number, 0 without an account; nickname and picture of that moment. */
  readonly account: number;
  readonly nick: string;
  readonly faceUrl: string;
}

/** The first message's numbers, so that a retry is idempotent (tencent-rest G.1 no. 2). */
export interface DuplicateMessage {
  readonly kind: 'duplicate';
  readonly msgSeq: number;
  readonly msgTime: number;
}

/** Over the group's messages per second; not stored, no webhook. */
export interface DroppedMessage {
  readonly kind: 'dropped';
  readonly msgTime: number;
}

export interface ResultMap extends MessageResults, TopicResultMap, LiveResultMap {
  importAccounts: Done;
  /** `left`: accounts that are in groups still, or were not looked at; the command again with these goes on. */
  deleteAccounts: {
    readonly kind: 'done';
    readonly deleted: readonly string[];
    readonly left: readonly string[];
  };
  muteAccount: Done | Refusal;
  revokeSignatures: Done | Refusal;
  createGroup: { readonly kind: 'created'; readonly groupId: string } | Refusal;
  importGroup: { readonly kind: 'created'; readonly groupId: string } | Refusal;
  modifyGroup: Done | Refusal;
  changeOwner: Done | Refusal;
  destroyGroup: Done | Refusal;
  /** `result`: 0 failed, 1 added, 2 already a member. */
  addMembers:
    | {
        readonly kind: 'done';
        readonly members: readonly { readonly userId: string; readonly result: 0 | 1 | 2 }[];
      }
    | Refusal;
  deleteMembers: Done | Refusal;
  /** `result`: 0 failed, 1 imported, 2 already a member. */
  importMembers: ResultMap['addMembers'];
  modifyMember: Done | Refusal;
  muteMembers: Done | Refusal;
  /** `seq`: version of the set; `written`: the attributes that have it. */
  writeAttributes:
    | { readonly kind: 'done'; readonly seq: number; readonly written: readonly Attribute[] }
    | Refusal;
  updateCounters: { readonly kind: 'done'; readonly changed: readonly Counter[] } | Refusal;
  deleteCounters: Done | Refusal;
  banMembers: Done | Refusal;
  reportSendFailure: Done;
  sendMessage: SentMessage | DuplicateMessage | DroppedMessage | Refusal;
  /**
   * `kept`: lanes that were reported idle but have newer events. `lost`: lanes that are leased otherwise, of which nothing was
   * written. `fenced`: a later store generation owns the lanes; nothing was written.
   */
  checkpoint:
    | { readonly kind: 'done'; readonly kept: readonly LaneKey[]; readonly lost?: readonly LaneKey[] }
    | { readonly kind: 'fenced' };
  putEndpoint: { readonly kind: 'done'; readonly id: number } | Refused;
  syncEndpoints: {
    readonly kind: 'done';
    readonly created: readonly string[];
    readonly changed: readonly string[];
    readonly paused: readonly string[];
  };
  setEndpointPaused: Done | Refused;
  /** `lanes` that were behind, counted up to `LANES_COUNT_LIMIT`, end as dead letters by the job; 0 when there was none. */
  deleteEndpoint: { readonly kind: 'done'; readonly lanes: number; readonly jobId: number } | Refused;
  startReplay: { readonly kind: 'done'; readonly jobId: number } | Refused;
  replayDeadLetter: Done | Refused;
  /** `left`: of deleted endpoints, which cannot be replayed. `last` is where the next page goes on. */
  closeDeadLetters: {
    readonly kind: 'done';
    readonly closed: number;
    readonly left: number;
    readonly last: number;
    readonly through: number;
    readonly more: boolean;
  };
  continueJobs: { readonly kind: 'done'; readonly more: boolean };
  trim: {
    readonly kind: 'done';
    readonly logRows: number;
    readonly messages: number;
    readonly more: boolean;
  };
  audit: Done;
}

/** An operator's command that cannot be carried out: `why` is the sentence to show. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: 'not-found' | 'conflict' | 'invalid';
  readonly why: string;
}

export type ResultOf<C extends Command> = ResultMap[C['type']];
export type CommandResult = ResultMap[Command['type']];
