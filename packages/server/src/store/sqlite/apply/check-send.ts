import type { Role } from '../../../domain/group.ts';
import { messageDigest } from '../../../domain/message-digest.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { type SendState, sendRefusal, sizeRefusal } from '../../../domain/send-message.ts';
import type { DuplicateMessage, SendMessage } from '../../commands.ts';
import type { SendPreview } from '../../store.ts';
import type { Account } from '../accounts.ts';
import type { GroupState } from '../groups.ts';
import { markOf } from '../recent-sends.ts';
import type { Tables } from '../tables.ts';
import { streamTime } from './append.ts';
import { liveGroup, liveTopic } from './live-group.ts';

/** A send that rules and duplicates let through; only the frequency cap may still stop it. */
export interface Acceptable {
  readonly kind: 'acceptable';
  /** Of the topic, where it goes to one. */
  readonly state: GroupState;
  /** Of the group, which has the members. */
  readonly streamId: number;
  /** Unix ms, never before the stream's last event. */
  readonly time: number;
  readonly sender: Account | undefined;
  readonly role: Role | null;
  /** By which a repetition is recognised; see `markOf`. */
  readonly mark: number;
}

/** Everything that can be said of a send without changing anything (tencent-rest-message C2.1). */
export function checkSend(tables: Tables, command: SendMessage): Acceptable | DuplicateMessage | Refusal {
  const { topicId } = command;
  const community = liveGroup(tables, command.app, command.groupId);
  if ('kind' in community) return community;
  const state = topicId === undefined ? community : liveTopic(tables, community, topicId);
  if ('kind' in state) return state;
  const { streamId } = community.group;
  const time = streamTime(state, command.now);
  const sender = tables.accounts.get(command.app, command.sender);
  const { role, muteUntil, bannedUntil } = tables.members.standing(streamId, command.sender);
  const sendState: SendState = {
    group: community.group,
    ...(topicId === undefined ? {} : { topic: standingIn(tables, state, command.sender) }),
    senderExists: sender !== undefined || command.senderIsAdmin,
    ...(role === null && muteUntil === 0 ? {} : { member: { role: role ?? 'Member', muteUntil } }),
    mutedEverywhereUntil: sender?.group_mute_until ?? 0,
    bannedUntil,
    strangers: (command.to ?? []).filter((userId) => !tables.members.isMember(streamId, userId)),
    nowSeconds: Math.floor(time / 1000),
  };
  const refusal = sendRefusal(command, sendState);
  if (refusal !== undefined) return refusal;
  const digest =
    command.sentDigest ?? messageDigest(command.sender, command.msgBodyJson, command.cloudCustomData ?? null);
  const mark = markOf(command.random, digest);
  const first = firstCopy(tables, state, { mark, digest, random: command.random, time });
  if (first !== undefined) return first;
  const tooLong = sizeRefusal(command, tables.rules);
  if (tooLong !== undefined) return tooLong;
  return { kind: 'acceptable', state, streamId, time, sender, role, mark };
}

function standingIn(tables: Tables, { group }: GroupState, sender: string): NonNullable<SendState['topic']> {
  return { group, muteUntil: tables.members.standing(group.streamId, sender).muteUntil };
}

/** The answer to the first copy, if this is a repetition: same sender, Random and content in the same group (tencent-rest G.1 no. 1, 2). */
function firstCopy(
  tables: Tables,
  state: GroupState,
  send: { readonly mark: number; readonly digest: string; readonly random: number; readonly time: number },
): DuplicateMessage | undefined {
  const { streamId } = state.group;
  const since = send.time - tables.rules.dedupWindowMs;
  const seq = tables.recentSends.find(streamId, send.mark, since, state.head);
  const first = seq === undefined ? undefined : tables.log.send(streamId, seq);
  if (first === undefined || first.time <= since) return undefined;
  if (first.random !== send.random || first.digest !== send.digest) return undefined;
  return { kind: 'duplicate', msgSeq: first.msg_seq ?? 0, msgTime: Math.floor(first.time / 1000) };
}

/** What would become of a send, the frequency cap aside. */
export function previewSend(tables: Tables, command: SendMessage): SendPreview {
  const checked = checkSend(tables, command);
  if (checked.kind !== 'acceptable') return checked;
  const { state, sender } = checked;
  return {
    kind: 'acceptable',
    groupType: state.group.type,
    senderNickname: sender?.nick ?? '',
    senderFaceUrl: sender?.face_url ?? '',
  };
}
