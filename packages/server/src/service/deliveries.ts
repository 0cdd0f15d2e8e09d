import type { CloseDeadLetters, Done, ResultMap, StartReplay } from '../store/commands.ts';
import type {
  AttemptRow,
  AttemptsQuery,
  AuditRow,
  DeadLetterRow,
  DeadLettersQuery,
  DeliveryRow,
  JobRow,
  LaneStatus,
  LanesQuery,
  StoreStats,
} from '../store/pipeline-reads.ts';
import { type Actor, type AdminDeps, audited, type Refused, refused } from './admin.ts';

export type { AttemptsQuery } from '../store/pipeline-reads.ts';

/** Lanes that are behind. */
export function lanes({ store }: AdminDeps, query: LanesQuery): Promise<readonly LaneStatus[]> {
  return store.lanes(query);
}

/** Failed attempts, newest first. */
export function attempts({ store }: AdminDeps, query: AttemptsQuery): Promise<readonly AttemptRow[]> {
  return store.attempts(query);
}

/** What was delivered, as ranges of log sequences, newest first. */
export function deliveries({ store }: AdminDeps, query: AttemptsQuery): Promise<readonly DeliveryRow[]> {
  return store.deliveries(query);
}

export function deadLetters(
  { store }: AdminDeps,
  query: DeadLettersQuery,
): Promise<readonly DeadLetterRow[]> {
  return store.deadLetters(query);
}

export function jobs({ store }: AdminDeps): Promise<readonly JobRow[]> {
  return store.jobs();
}

/** Newest first; entries with a smaller id than `before`. */
export function auditLog(
  { store }: AdminDeps,
  query: { readonly before?: number; readonly limit: number },
): Promise<readonly AuditRow[]> {
  return store.auditLog(query);
}

export function storeStats({ store }: AdminDeps): Promise<StoreStats> {
  return store.stats();
}

/** Delivers a dead letter again. Its id is unique on the server; a refusal changes nothing, so each app is asked whether it is its own. */
export async function replayDeadLetter(
  deps: AdminDeps,
  actor: Actor,
  apps: readonly number[],
  id: number,
): Promise<ResultMap['replayDeadLetter']> {
  return audited(deps, { actor, action: 'dead-letter.replay', target: String(id), detail: '' }, async () => {
    for (const app of apps) {
      const result = await deps.store.commit({ type: 'replayDeadLetter', now: deps.clock.now(), app, id });
      if (result.kind !== 'refused' || result.code !== 'not-found') return result;
    }
    return refused('not-found', `there is no dead letter ${id}`);
  });
}

/** Which open dead letters of an app are meant: all, those of an endpoint, of a group, of a topic. */
export interface DeadLetterFilter {
  readonly endpoint?: string;
  /** Of a Community with its topics. */
  readonly groupId?: string;
  readonly topicId?: string;
}

/** Dead letters in one transaction: each is a few rows, and sends wait for them. */
const CLOSE_PAGE = 200;

/** Replays or dismisses all open dead letters that are meant, oldest first; `left` could not be, as their endpoints are gone. */
export async function closeDeadLetters(
  deps: AdminDeps,
  actor: Actor,
  app: number,
  how: CloseDeadLetters['how'],
  filter: DeadLetterFilter,
): Promise<{ readonly closed: number; readonly left: number }> {
  const target = [app, filter.endpoint, filter.topicId ?? filter.groupId]
    .filter((part) => part !== undefined)
    .join('/');
  let [closed, left, after] = [0, 0, 0];
  let through: number | undefined;
  const { store, clock } = deps;
  await audited(deps, { actor, action: `dead-letter.${how}-all`, target, detail: '' }, async () => {
    for (;;) {
      const page = { after, limit: CLOSE_PAGE, ...(through === undefined ? {} : { through }) };
      const type = 'closeDeadLetters';
      const result = await store.commit({ type, now: clock.now(), app, how, ...filter, ...page });
      closed += result.closed;
      left += result.left;
      ({ last: after, through } = result);
      if (!result.more) return result;
    }
  });
  return { closed, left };
}

/** Somebody has dealt with it otherwise: it is closed, and no longer keeps its event. */
export async function dismissDeadLetter(
  deps: AdminDeps,
  actor: Actor,
  apps: readonly number[],
  id: number,
): Promise<Done | Refused> {
  return audited(deps, { actor, action: 'dead-letter.dismiss', target: String(id), detail: '' }, async () => {
    for (const app of apps) {
      const page = { how: 'dismiss', id, after: 0, limit: 1 } as const;
      const { closed } = await deps.store.commit({
        type: 'closeDeadLetters',
        now: deps.clock.now(),
        app,
        ...page,
      });
      if (closed > 0) return { kind: 'done' };
    }
    return refused('not-found', `there is no open dead letter ${id}`);
  });
}

export type ReplayRequest = Omit<StartReplay, 'type' | 'now' | 'app'>;

/** Sends events of the log again: a range of one group at once, a range over all groups as a job. */
export function startReplay(
  deps: AdminDeps,
  actor: Actor,
  app: number,
  request: ReplayRequest,
): Promise<ResultMap['startReplay']> {
  const { endpoint, ...range } = request;
  const detail = Object.entries(range)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return audited(deps, { actor, action: 'replay.start', target: `${app}/${endpoint}`, detail }, () =>
    deps.store.commit({ ...request, type: 'startReplay', now: deps.clock.now(), app }),
  );
}
