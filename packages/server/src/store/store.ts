import type { GroupType, MsgPriority } from '@confab-im/protocol';
import type { AccountStanding } from '../domain/account.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { Group, Member, Role } from '../domain/group.ts';
import type { Attributes } from '../domain/group-attributes.ts';
import type { Counters } from '../domain/group-counters.ts';
import type { LiveMember } from '../domain/live-members.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { TopicProfile } from '../domain/topic.ts';
import type {
  ArchiveGroupsPage,
  ArchiveGroupsQuery,
  ArchiveMessage,
  ArchiveMessagesQuery,
} from './archive.ts';
import type { Cluster } from './cluster.ts';
import type {
  AddMembers,
  Command,
  CreateGroup,
  DuplicateMessage,
  ResultOf,
  SendMessage,
} from './commands.ts';
import type { LaneEvents, LaneRead, LaneRow, StreamHint } from './lanes.ts';
import type { MessageReads } from './message-reads.ts';
import type { PipelineReads } from './pipeline-reads.ts';
import type { CreateTopic } from './topic-commands.ts';

/**
 * The port to durable state. Writes are commands as values, several to a transaction: `commit` resolves when they are durable.
 * One implementation runs in process over a synchronous core (tests), one keeps that core in a worker (serve).
 */
export interface Store extends Reads {
  readonly capabilities: Capabilities;
  /** With `severalNodes`. */
  readonly cluster?: Cluster;
  /** Grows with every opening of the same database: the fencing token of the dispatcher. */
  readonly generation: number;
  commit<C extends Command>(command: C): Promise<ResultOf<C>>;
  /** Called after each commit with the lanes that have work now. A hint: it may be lost. */
  onLanes(listener: (hints: readonly StreamHint[]) => void): void;
  close(): Promise<void>;
}

/** What a store can do that another cannot. Code asks for the capability, never for the kind of store. */
export interface Capabilities {
  readonly severalNodes: boolean;
}

export interface Reads extends MessageReads, PipelineReads {
  endpoints(): Promise<readonly Endpoint[]>;
  dueLanes(query: DueLanesQuery): Promise<DueLanes>;
  readEvents(reads: readonly LaneRead[]): Promise<readonly LaneEvents[]>;
  accountsImported(app: number, userIds: readonly string[]): Promise<readonly boolean[]>;
  /** Undefined when there is no such account. */
  accountStanding(app: number, userId: string): Promise<AccountStanding | undefined>;
  groups(app: number, groupIds: readonly string[]): Promise<readonly (Group | undefined)[]>;
  groupIds(query: GroupIdsQuery): Promise<GroupIdsPage>;
  joinedGroups(query: JoinedGroupsQuery): Promise<JoinedGroupsPage>;
  members(query: MembersQuery): Promise<MembersPage | undefined>;
  roles(query: RolesQuery): Promise<RolesPage | undefined>;
  restricted(query: RestrictedQuery): Promise<RestrictedPage | undefined>;
  history(query: HistoryQuery): Promise<HistoryPage | undefined>;
  topics(query: TopicsQuery): Promise<TopicsOfGroup | undefined>;
  liveMembers(query: GroupQuery): Promise<LiveMembersOfGroup | undefined>;
  attributes(query: GroupQuery): Promise<AttributesOfGroup | undefined>;
  counters(query: GroupQuery): Promise<CountersOfGroup | undefined>;
  archiveGroups(query: ArchiveGroupsQuery): Promise<ArchiveGroupsPage>;
  archiveMessages(query: ArchiveMessagesQuery): Promise<readonly ArchiveMessage[]>;
  /** What would become of a send; changes nothing. */
  previewSend(command: SendMessage): Promise<SendPreview>;
  /** The same of a change that app backends may be asked about first. */
  previewChange(command: CreateGroup | AddMembers | CreateTopic): Promise<ChangePreview>;
  /** Throws when the store cannot answer: what `/readyz` asks. */
  ping(): Promise<void>;
}

export interface DueLanesQuery {
  readonly endpointId: number;
  readonly now: number;
  readonly limit: number;
  /** Nothing is put off for longer: a lane that seems to wait longer was left by a clock that was set back, and is due. */
  readonly longestWaitMs?: number;
  /** Only lanes of streams whose id modulo `of` is among these. */
  readonly partitions?: { readonly of: number; readonly held: readonly number[] };
}

export interface DueLanes {
  readonly lanes: readonly LaneRow[];
  /** Unix ms of the earliest lane that is not due yet. */
  readonly nextDueAt?: number;
}

export interface GroupIdsQuery {
  readonly app: number;
  readonly type?: GroupType;
  /** Groups whose position is greater; 0 from the start. */
  readonly after: number;
  readonly limit: number;
}

export interface GroupIdsPage {
  readonly total: number;
  readonly groupIds: readonly string[];
  /** Position to go on from; 0 = finished. */
  readonly next: number;
}

export interface JoinedGroupsQuery {
  readonly app: number;
  readonly userId: string;
  readonly type?: GroupType;
  readonly supportTopic?: boolean;
  readonly withInactive: boolean;
  readonly withHuge: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface JoinedGroupsPage {
  readonly total: number;
  readonly groups: readonly { readonly group: Group; readonly self: Member }[];
}

export interface MembersQuery {
  readonly app: number;
  readonly groupId: string;
  readonly roles?: readonly Role[];
  /** Members who joined after this position, the `last` of a page before; absent: from the first one on. */
  readonly after?: number;
  readonly offset: number;
  readonly limit: number;
}

export interface MembersPage {
  readonly group: Group;
  /** In join order. */
  readonly members: readonly Member[];
  /** Position of the last of these members; 0 when there is none. */
  readonly last: number;
  /** Members follow. */
  readonly more: boolean;
}

export interface RolesQuery {
  readonly app: number;
  readonly groupId: string;
  readonly userIds: readonly string[];
}

export interface RolesPage {
  readonly group: Group;
  /** As asked for; null: no member. */
  readonly roles: readonly (Role | null)[];
}

/** Who is muted or banned, whether a member or not. */
export interface RestrictedQuery extends PlaceQuery {
  readonly kind: 'mute' | 'ban';
  /** Unix seconds: what has ended by then does not count. */
  readonly now: number;
  readonly offset: number;
  readonly limit: number;
}

export interface RestrictedPage {
  /** The topic, where one was asked for. */
  readonly group: Group;
  /** By UserID; `until` in unix seconds, 4294967295 for ever. */
  readonly users: readonly { readonly userId: string; readonly until: number }[];
  readonly more: boolean;
}

export interface GroupQuery {
  readonly app: number;
  readonly groupId: string;
}

export interface PlaceQuery extends GroupQuery {
  /** A topic of the group; absent: the group itself. */
  readonly topicId?: string;
}

export interface TopicsQuery extends GroupQuery {
  /** Absent: all. */
  readonly topicIds?: readonly string[];
  /** Whose mutes and whose membership are asked for. */
  readonly userId?: string;
}

export interface TopicsOfGroup {
  readonly group: Group;
  /** Of the user, when he is one. */
  readonly member?: Member;
  /** In the order of their creation. */
  readonly topics: readonly TopicProfile[];
}

export interface LiveMembersOfGroup {
  readonly group: Group;
  /** With accounts, online or not any more. */
  readonly members: readonly (LiveMember & { readonly nick: string; readonly faceUrl: string })[];
}

export interface AttributesOfGroup {
  readonly group: Group;
  readonly attributes: Attributes;
}

export interface CountersOfGroup {
  readonly group: Group;
  readonly counters: Counters;
}

export interface HistoryQuery extends PlaceQuery {
  /** Highest `MsgSeq` wanted; 0 = the newest. */
  readonly fromMsgSeq: number;
  readonly limit: number;
}

export interface HistoryPage {
  /** The topic, where one was asked for. */
  readonly group: Group;
  /** Newest first, dense: numbers without a row are left out here and shown as holes by the caller. */
  readonly messages: readonly StoredMessage[];
}

export interface StoredMessage {
  readonly msgSeq: number;
  /** Unix seconds. */
  readonly msgTime: number;
  readonly sender: string;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly state: 'normal' | 'recalled' | 'deleted';
  readonly tip: boolean;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
}

/**
 * What can be told of a send beforehand: `acceptable` passes the rules as they stand and is no repetition. The frequency cap counts
 * what is sent, so it is not looked at.
 */
export type SendPreview =
  | {
      readonly kind: 'acceptable';
      readonly groupType: GroupType;
      readonly senderNickname: string;
      readonly senderFaceUrl: string;
    }
  | DuplicateMessage
  | Refusal;

/** What can be told of a change beforehand: `acceptable` passes the rules as they stand. */
export type ChangePreview =
  | {
      readonly kind: 'acceptable';
      readonly groupType: GroupType;
      /** Of users who are to be added, those who would be. */
      readonly joining: readonly string[];
    }
  | Refusal;
