import {
  type AttemptsQuery,
  attempts,
  closeDeadLetters,
  type DeadLetterFilter,
  deadLetters,
  deliveries,
  dismissDeadLetter,
  jobs,
  lanes,
  replayDeadLetter,
  startReplay,
} from '../../service/deliveries.ts';
import { LAG_WORST } from '../../service/lag.ts';
import { ApiError, accepted, invalidBody } from './api-error.ts';
import { parseLetters, parseReplay } from './replay-request.ts';
import { appOf, type Call, type Route } from './route.ts';

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 100;
/** Each lane's lag is counted, up to 10,000 rows of the log. */
const MAX_LANES = 200;

const MAX_ID = Number.MAX_SAFE_INTEGER;
const MAX_SDKAPPID = 4_294_967_295;

const LIMIT = { limit: `at most so many, 1 to ${MAX_ROWS}; default ${DEFAULT_ROWS}` };
const FILTER = { app: 'only of this app', endpoint: 'only of this endpoint' };
const OF_EVENT = {
  app: 'the app; required',
  endpoint: 'only of this endpoint',
  groupId: 'only of this group, its topics included',
  topicId: 'only of this topic',
  logSeq: 'only of the event with this log sequence; with `groupId` or `topicId`',
  ...LIMIT,
};

const LETTERS = '`{ endpoint?, groupId?, topicId? }`; `{}` means all of the app.';

export const PIPELINE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'lanes',
    role: 'read-only',
    summary:
      'Lanes (endpoint and group) with undelivered events, the longest due first. `lag` stops counting at 10000.',
    query: {
      ...FILTER,
      groupId: 'only of this group, its topics included',
      topicId: 'only of this topic',
      limit: `at most so many, 1 to ${MAX_LANES}; default ${DEFAULT_ROWS}`,
    },
    answer:
      '`{ lanes: [{ app, endpoint, groupId, topicId?, cursor, head, lag, oldestAt?, dueAt, attempts }] }`',
    handle: async ({ deps, query }) => {
      const limit = query.integer('limit', 1, MAX_LANES) ?? DEFAULT_ROWS;
      return {
        status: 200,
        body: {
          lanes: await lanes(deps, {
            ...appFilter(query),
            ...textFilter(query, 'groupId'),
            ...textFilter(query, 'topicId'),
            limit,
          }),
        },
      };
    },
  },
  {
    method: 'GET',
    path: 'lag',
    role: 'read-only',
    summary:
      'How far each endpoint is behind, and its worst groups. `events` are log rows that its lanes have not settled: what it has to get at most, since tips count among them. `oldestAt` is the commit of the oldest. At most 10 s old; it looks at 100000 lanes, and `truncated` says of whom it has not seen all.',
    query: {
      ...FILTER,
      by: 'the order of the worst groups: `age` of their oldest event (default) or `events`',
      worst: `so many groups of each endpoint, 0 to ${LAG_WORST}; default 5`,
    },
    answer:
      '`{ lag: [{ app, endpoint, lanes, events, oldestAt?, truncated, worst: [{ groupId, topicId?, events, oldestAt? }] }] }`',
    handle: async ({ deps, query }) => {
      const by = query.text('by') ?? 'age';
      if (by !== 'age' && by !== 'events')
        throw new ApiError('invalid', 'The query parameter "by" must be age or events.');
      const limit = query.integer('worst', 0, LAG_WORST) ?? 5;
      const { app, endpoint } = appFilter(query);
      const wanted = (await deps.lag()).filter(
        (one) => (app ?? one.app) === one.app && (endpoint ?? one.endpoint) === one.endpoint,
      );
      const lag = wanted.map(({ oldest, largest, ...rest }) => ({
        ...rest,
        worst: (by === 'age' ? oldest : largest).slice(0, limit),
      }));
      return { status: 200, body: { lag } };
    },
  },
  {
    method: 'GET',
    path: 'attempts',
    role: 'read-only',
    summary: 'Failed attempts, newest first; breaker probes with the same verdict are one row.',
    query: OF_EVENT,
    answer:
      '`{ attempts: [{ endpoint, groupId, topicId?, logSeq, attempt, at, durationMs, verdict, status?, detail, answer?, count, lastAt }] }`',
    handle: async (call) => ({ status: 200, body: { attempts: await attempts(call.deps, ofEvent(call)) } }),
  },
  {
    method: 'GET',
    path: 'deliveries',
    role: 'read-only',
    summary:
      'What was delivered, as ranges of log sequences with times, newest first. From `passedFrom` to `passedThrough` the receiver had it by its own account, told at `passedAt`, and it was not sent.',
    query: OF_EVENT,
    answer:
      '`{ deliveries: [{ endpoint, groupId, topicId?, fromSeq, throughSeq, count, firstAt, lastAt, passedFrom?, passedThrough?, passedAt? }] }`',
    handle: async (call) => ({
      status: 200,
      body: { deliveries: await deliveries(call.deps, ofEvent(call)) },
    }),
  },
  {
    method: 'GET',
    path: 'dead-letters',
    role: 'read-only',
    summary: 'Events that were given up, newest first.',
    query: { ...FILTER, includeReplayed: '`true`: also those that were replayed or dismissed', ...LIMIT },
    answer:
      '`{ deadLetters: [{ id, app, endpoint, groupId, topicId?, logSeq, msgSeq, reason, detail, attempts, firstAttemptAt, at, replayedAt?, dismissedAt? }] }`',
    handle: async ({ deps, query }) => {
      const includeReplayed = query.flag('includeReplayed');
      const rows = await deadLetters(deps, { ...appFilter(query), includeReplayed, limit: rowLimit(query) });
      return { status: 200, body: { deadLetters: rows } };
    },
  },
  {
    method: 'POST',
    path: 'dead-letters/{id}/replay',
    role: 'operator',
    summary: 'Delivers a dead letter again, before whatever its lane still waits for.',
    answer: '202, `{ id }`',
    handle: async (call) => {
      const { deps, actor } = call;
      const id = letterId(call);
      accepted(await replayDeadLetter(deps, actor, appsOf(call), id));
      return { status: 202, body: { id } };
    },
  },
  {
    method: 'POST',
    path: 'dead-letters/{id}/dismiss',
    role: 'operator',
    summary:
      'Closes a dead letter that was dealt with otherwise: it is not delivered, and its event may be trimmed.',
    answer: '`{ id }`',
    handle: async (call) => {
      const { deps, actor } = call;
      const id = letterId(call);
      accepted(await dismissDeadLetter(deps, actor, appsOf(call), id));
      return { status: 200, body: { id } };
    },
  },
  {
    method: 'POST',
    path: 'apps/{app}/dead-letters/replay',
    role: 'operator',
    summary: 'Delivers all open dead letters again, oldest first: of the app, of an endpoint, of a group.',
    body: LETTERS,
    answer: '202, `{ closed, left }`; `left` belong to deleted endpoints and can only be dismissed',
    handle: async (call) => {
      const { deps, actor } = call;
      const closed = await closeDeadLetters(deps, actor, appOf(call), 'replay', lettersIn(call));
      return { status: 202, body: closed };
    },
  },
  {
    method: 'POST',
    path: 'apps/{app}/dead-letters/dismiss',
    role: 'operator',
    summary: 'Closes all open dead letters without delivering them: of the app, of an endpoint, of a group.',
    body: LETTERS,
    answer: '`{ closed, left }`; `left` is 0',
    handle: async (call) => {
      const { deps, actor } = call;
      const closed = await closeDeadLetters(deps, actor, appOf(call), 'dismiss', lettersIn(call));
      return { status: 200, body: closed };
    },
  },
  {
    method: 'POST',
    path: 'apps/{app}/replay',
    role: 'operator',
    summary:
      'Sends events of the log again to one endpoint: of one group, or of all groups as a job. Both ends are included; what is not yet delivered comes anyway.',
    body: '`{ endpoint, groupId?, topicId?, fromMsgSeq?, toMsgSeq?, since?, until? }`; times as unix ms or like `2026-01-31T08:00:00Z`, `MsgSeq` only with a group.',
    answer: '202, `{ jobId }`; 0 when nothing is left to prepare, as with one group',
    handle: async (call) => {
      const app = appOf(call);
      const read = parseReplay(call.json());
      if (!read.ok) throw invalidBody(read.problems);
      const { jobId } = accepted(await startReplay(call.deps, call.actor, app, read.value));
      call.deps.pipelineChanged();
      return { status: 202, body: { jobId } };
    },
  },
  {
    method: 'GET',
    path: 'jobs',
    role: 'read-only',
    summary: 'The last 100 jobs over many groups: replays, and endpoints that start in the past.',
    answer: '`{ jobs: [{ id, kind, endpoint, streamsDone, createdAt, finishedAt? }] }`',
    handle: async ({ deps }) => ({ status: 200, body: { jobs: await jobs(deps) } }),
  },
];

type QueryOf = Call['query'];

function appsOf({ deps }: Call): number[] {
  return deps.apps.map(({ sdkAppId }) => sdkAppId);
}

function letterId({ param }: Call): number {
  const text = param('id');
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError('invalid', 'The id of a dead letter is a number; GET dead-letters lists them.');
}

function lettersIn(call: Call): DeadLetterFilter {
  const read = parseLetters(call.json());
  if (read.ok) return read.value;
  throw invalidBody(read.problems);
}

function rowLimit(query: QueryOf): number {
  return query.integer('limit', 1, MAX_ROWS) ?? DEFAULT_ROWS;
}

function appFilter(query: QueryOf): { readonly app?: number; readonly endpoint?: string } {
  const app = query.integer('app', 1, MAX_SDKAPPID);
  return { ...(app !== undefined && { app }), ...textFilter(query, 'endpoint') };
}

function textFilter<K extends string>(query: QueryOf, name: K): { readonly [name in K]?: string } {
  const value = query.text(name);
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in K]: string });
}

function ofEvent({ query }: Call): AttemptsQuery {
  const { app, ...filter } = appFilter(query);
  if (app === undefined)
    throw new ApiError(
      'invalid',
      'The query parameter "app" is missing: say of which app, as ?app=1400000001.',
    );
  const logSeq = query.integer('logSeq', 1, MAX_ID);
  const place = { ...textFilter(query, 'groupId'), ...textFilter(query, 'topicId') };
  if (logSeq !== undefined && place.groupId === undefined && place.topicId === undefined)
    throw new ApiError(
      'invalid',
      'A "logSeq" counts in the log of one group: say which, as &groupId=, or &topicId= for a topic.',
    );
  return {
    app,
    ...filter,
    ...place,
    ...(logSeq !== undefined && { logSeq }),
    limit: rowLimit(query),
  };
}
