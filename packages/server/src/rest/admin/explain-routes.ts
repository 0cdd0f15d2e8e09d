import { OUTCOMES, REASONS } from '../../domain/explain/explain.ts';
import { explain } from '../../service/explain.ts';
import { ApiError, accepted } from './api-error.ts';
import { type Answer, appOf, type Call, type Route } from './route.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const UINT32 = 2 ** 32 - 1;

export const EXPLAIN_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'apps/{app}/explain',
    role: 'read-only',
    summary: [
      'What became of one message, or one change of a group, at each endpoint of its app: delivered or not, when, after how many attempts, and why not.',
      `\`outcome\` is one of ${quoted(OUTCOMES)}, \`reason\` one of ${quoted(Object.keys(REASONS))}; \`why\` says it in words.`,
      'A delivery ended between `deliveredFrom` and `deliveredThrough`; they are those of the attempt itself when `exact`. `nextAt` is the next attempt of this event, of the one it waits behind, or of the breaker.',
      'Of reason `position` are events that were not sent, since the receiver said in its answer to an earlier one that it has applied everything `through` there.',
      'An endpoint that was deleted is listed if it wanted the event. A group or topic that is no more has `disbandedAt`; of several with the id it is the one that is there, else the last.',
    ].join(' '),
    query: {
      groupId: 'the group; required',
      msgSeq: 'the `MsgSeq` of the message; this or `logSeq` is required',
      logSeq: 'its log sequence, for events without a `MsgSeq` of their own',
      topicId: 'the topic of the group; absent: the group itself',
    },
    answer:
      '`{ message: { groupId, topicId?, msgSeq, kind?, logSeq?, id?, time?, inLog, disbandedAt? }, endpoints: [{ endpoint, outcome, reason, why, attempts, deliveredFrom?, deliveredThrough?, exact?, lastFailure?: { at, verdict, status?, detail }, nextAt?, since?, behind?: { logSeq, msgSeq }, deadLetter?, through? }] }`',
    handle: answer,
  },
];

async function answer(call: Call): Promise<Answer> {
  const app = appOf(call);
  const { query } = call;
  const groupId = query.text('groupId');
  const msgSeq = query.integer('msgSeq', 1, UINT32);
  const logSeq = query.integer('logSeq', 1, MAX_ID);
  if (groupId === undefined || groupId === '')
    throw new ApiError('invalid', 'The query parameter "groupId" is missing: say which group.');
  if ((msgSeq === undefined) === (logSeq === undefined))
    throw new ApiError('invalid', 'Give either "msgSeq" or "logSeq": say which message of the group.');
  const topicId = query.text('topicId') || undefined;
  const asked = {
    app,
    groupId,
    ...(topicId !== undefined && { topicId }),
    ...(msgSeq !== undefined && { msgSeq }),
    ...(logSeq !== undefined && { logSeq }),
  };
  const { message, endpoints } = accepted(await explain(call.deps, asked));
  return {
    status: 200,
    body: { message: { groupId, ...(topicId !== undefined && { topicId }), ...message }, endpoints },
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
