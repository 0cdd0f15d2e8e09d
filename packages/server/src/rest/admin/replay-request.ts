import Type from 'typebox';
import type { Problem } from '../../domain/settings/problem.ts';
import { type Read, readSettings } from '../../domain/settings/read.ts';
import { parseTime } from '../../domain/settings/start.ts';
import type { DeadLetterFilter, ReplayRequest } from '../../service/deliveries.ts';

const MsgSeq = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295 }));
const Moment = () =>
  Type.Optional(
    Type.Decode(
      Type.Union([Type.Integer({ minimum: 0, maximum: 8.64e15 }), Type.String()], {
        expects: 'unix milliseconds or a time such as 2026-01-31T08:00:00Z',
      }),
      (written) => (typeof written === 'number' ? written : parseTime(written)),
    ),
  );

const ReplaySchema = Type.Object(
  {
    endpoint: Type.String({ minLength: 1, maxLength: 64 }),
    groupId: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
    topicId: Type.Optional(Type.String({ minLength: 1, maxLength: 96 })),
    fromMsgSeq: MsgSeq(),
    toMsgSeq: MsgSeq(),
    since: Moment(),
    until: Moment(),
  },
  { rule: ranges },
);

const LettersSchema = Type.Object(
  {
    endpoint: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    groupId: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
    topicId: Type.Optional(Type.String({ minLength: 1, maxLength: 96 })),
  },
  { rule: (value: unknown) => topicAlone(value as Partial<DeadLetterFilter>) },
);

/** The body of what is done to many dead letters: which ones. */
export function parseLetters(body: unknown): Read<DeadLetterFilter> {
  return readSettings(LettersSchema, body);
}

/** The body of a replay: ends inclusive, a range of `MsgSeq` within one group. */
export function parseReplay(body: unknown): Read<ReplayRequest> {
  return readSettings(ReplaySchema, body);
}

function topicAlone({ groupId, topicId }: Partial<DeadLetterFilter>): readonly Problem[] {
  if (topicId === undefined || groupId !== undefined) return [];
  return [{ path: ['groupId'], message: 'is missing: name the group of the topic' }];
}

function ranges(value: unknown): readonly Problem[] {
  const { groupId, fromMsgSeq, toMsgSeq, since, until } = value as Partial<ReplayRequest>;
  const problems = [...topicAlone(value as Partial<ReplayRequest>)];
  if (groupId === undefined && (fromMsgSeq ?? toMsgSeq) !== undefined) {
    problems.push({ path: ['groupId'], message: 'is missing: MsgSeq counts within one group, so name it' });
  }
  if (fromMsgSeq !== undefined && toMsgSeq !== undefined && fromMsgSeq > toMsgSeq) {
    problems.push({ path: ['toMsgSeq'], message: `must be at least fromMsgSeq (${fromMsgSeq})` });
  }
  if (since !== undefined && until !== undefined && since > until) {
    problems.push({ path: ['until'], message: 'must not be before since' });
  }
  return problems;
}
