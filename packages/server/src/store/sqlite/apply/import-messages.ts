import { importRefusal, importTimeRefusal } from '../../../domain/import-messages.ts';
import { messageDigest } from '../../../domain/message-digest.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { sizeRefusal } from '../../../domain/send-message.ts';
import type { ImportedMessage, ImportMessages, MessageResults } from '../../message-commands.ts';
import type { GroupState } from '../groups.ts';
import { markOf } from '../recent-sends.ts';
import type { Tables } from '../tables.ts';
import { appendEvent, streamTime } from './append.ts';
import { change, livePlace } from './live-group.ts';

interface Outcome {
  readonly msgSeq: number;
  readonly msgTime: number;
  readonly refusal?: Refusal;
}

/** Each message takes the next number of the group and of its log, where no endpoint can ask for it. */
export function applyImportMessages(
  tables: Tables,
  command: ImportMessages,
): MessageResults['importMessages'] {
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const unknown = command.messages.find(
    ({ sender }) => tables.accounts.get(command.app, sender) === undefined,
  );
  const refusal = importRefusal(state.group, unknown?.sender);
  if (refusal !== undefined) return refusal;
  const now = streamTime(state, command.now);
  const imported = new Map<number, number>();
  const messages = command.messages.map((message) => importOne(tables, state, message, { now, imported }));
  // What was imported is nothing that anybody has left unread (tencent-rest-message C2.4).
  if (imported.size > 0) tables.readMarks.setAll(state.group.streamId, state.group.nextMsgSeq - 1);
  return { kind: 'done', messages };
}

/** What the messages of one command share. */
interface Import {
  /** Unix ms, of the log. */
  readonly now: number;
  /** Those before this one: number and time in unix seconds. */
  readonly imported: Map<number, number>;
}

function importOne(tables: Tables, state: GroupState, message: ImportedMessage, all: Import): Outcome {
  const { sendTime: msgTime, msgBodyJson, cloudCustomData } = message;
  const { now } = all;
  const digest = messageDigest(message.sender, msgBodyJson, cloudCustomData ?? null);
  const first = firstCopy(tables, state, message, { ...all, digest });
  if (first !== undefined) return first;
  const refusal =
    importTimeRefusal(state.group, msgTime, Math.floor(now / 1000)) ?? sizeRefusal(message, tables.rules);
  if (refusal !== undefined) return { msgSeq: 0, msgTime, refusal };
  return insert(tables, state, message, { ...all, digest });
}

interface Known extends Import {
  readonly digest: string;
}

/** The same request again: same sender, `Random`, content and time, within the time in which sends are compared. */
function firstCopy(
  tables: Tables,
  { group: { streamId }, head }: GroupState,
  { random, sendTime }: ImportedMessage,
  { digest, now, imported }: Known,
): Outcome | undefined {
  if (random === undefined) return undefined;
  const since = now - tables.rules.dedupWindowMs;
  const seq = tables.recentSends.find(streamId, markOf(random, digest), since, head);
  const first = seq === undefined ? undefined : tables.log.send(streamId, seq);
  if (first === undefined || first.time <= since) return undefined;
  if (first.random !== random || first.digest !== digest) return undefined;
  const msgSeq = first.msg_seq ?? 0;
  const firstTime = imported.get(msgSeq) ?? tables.messages.get(streamId, msgSeq)?.sendTime;
  return firstTime === sendTime ? { msgSeq, msgTime: sendTime } : undefined;
}

function insert(tables: Tables, state: GroupState, message: ImportedMessage, known: Known): Outcome {
  const { digest, now, imported } = known;
  const { streamId, nextMsgSeq: msgSeq } = state.group;
  const { sender, sendTime: msgTime, random, cloudCustomData } = message;
  const entry = {
    kind: 'group.message.imported',
    time: now,
    msgSeq,
    random: random ?? null,
    origin: null,
    payload: null,
  };
  const { seq: logSeq } = appendEvent(tables, state, entry, undefined);
  tables.log.insertMessage(
    streamId,
    { msgSeq, logSeq, time: msgTime * 1000, tip: false },
    {
      sender,
      operator: sender,
      random: random ?? 0,
      priority: 'Normal',
      body: message.msgBodyJson,
      cloudCustomData: cloudCustomData ?? null,
      extra: null,
    },
  );
  if (random !== undefined) {
    tables.recentSends.add(streamId, markOf(random, digest), logSeq, now, tables.rules.dedupWindowMs);
  }
  imported.set(msgSeq, msgTime);
  change(tables, state, { nextMsgSeq: msgSeq + 1, lastMsgTime: msgTime, active: true });
  return { msgSeq, msgTime };
}
