import { asksBefore, type EndpointSettings, wants } from '../endpoint.ts';
import type { AfterKind } from '../event-kinds.ts';
import type { DeliveryFacts, ExplainedEvent, FailureFact, LiveDelivery } from './facts.ts';

export const OUTCOMES = ['delivered', 'waiting', 'dead-letter', 'not-sent', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Every reason, with the outcome that it explains. */
export const REASONS = {
  answered: 'delivered',
  position: 'delivered',
  settled: 'delivered',
  replayed: 'delivered',
  'sent-by-start': 'delivered',
  'in-flight': 'waiting',
  settling: 'waiting',
  paused: 'waiting',
  starting: 'waiting',
  'breaker-open': 'waiting',
  behind: 'waiting',
  'behind-replay': 'waiting',
  retry: 'waiting',
  rate: 'waiting',
  concurrency: 'waiting',
  'slow-down': 'waiting',
  turn: 'waiting',
  store: 'waiting',
  replay: 'waiting',
  due: 'waiting',
  'given-up': 'dead-letter',
  'endpoint-deleted': 'dead-letter',
  'no-webhook': 'not-sent',
  suppressed: 'not-sent',
  'endpoint-new': 'not-sent',
  'not-subscribed': 'not-sent',
  filtered: 'not-sent',
  'changed-since': 'not-sent',
  trimmed: 'unknown',
} as const satisfies Readonly<Record<string, Outcome>>;

export type Reason = keyof typeof REASONS;

/** "Was it delivered, where, when, after how many attempts, and if not, why not": of one event, to one endpoint. Unix ms. */
export interface Explanation {
  readonly endpoint: string;
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The reason in words; times stand in the fields. */
  readonly why: string;
  /** Made so far: the failed ones that have a row, and the one that delivered. */
  readonly attempts: number;
  /** The delivery ended between these; both of the attempt itself when `exact`. */
  readonly deliveredFrom?: number;
  readonly deliveredThrough?: number;
  readonly exact?: boolean;
  readonly lastFailure?: FailureFact;
  /** When the next attempt is due: of this event, of the one that it waits for, or the breaker's probe. */
  readonly nextAt?: number;
  /** Paused, or the breaker open, since. */
  readonly since?: number;
  /** The event that has to go first. */
  readonly behind?: { readonly logSeq: number; readonly msgSeq: number };
  readonly deadLetter?: number;
  /** The receiver's position that settled the event: a log sequence. */
  readonly through?: number;
}

type Answer = Omit<Explanation, 'endpoint' | 'outcome' | 'attempts' | 'lastFailure'> & {
  readonly lastFailure?: FailureFact;
};

/** Decides from the facts. `live` is absent while the dispatcher does not work on the endpoint. */
export function explainDelivery(
  event: ExplainedEvent,
  facts: DeliveryFacts,
  live: LiveDelivery | undefined,
): Explanation {
  const answer = answerOf(event, facts, live);
  const outcome = REASONS[answer.reason];
  const { count, last } = facts.failures;
  return {
    endpoint: facts.endpoint.settings.name,
    outcome,
    attempts: count + (outcome === 'delivered' && answer.reason !== 'position' ? 1 : 0),
    ...(last === undefined ? {} : { lastFailure: last }),
    ...answer,
  };
}

function answerOf(event: ExplainedEvent, facts: DeliveryFacts, live: LiveDelivery | undefined): Answer {
  if (event.inLog && event.asked === undefined) {
    return { reason: 'no-webhook', why: `no webhook tells of it: ${event.kind}` };
  }
  const delivered = facts.wanted === true && facts.lane?.settled !== false && facts.letter === undefined;
  const waits = facts.replayPending ? !delivered : facts.wanted === true && facts.lane?.settled === false;
  if (waits && facts.deletedAt !== undefined) return letterOf(facts) ?? endedSoon(facts.deletedAt);
  if (facts.replayPending && !delivered) return pending(facts, live, replaying(facts, live));
  const letter = letterOf(facts);
  if (letter !== undefined) return letter;
  if (facts.wanted === undefined) return untold(event, facts);
  if (!facts.wanted) return unwanted(event, facts);
  if (facts.lane?.settled === false) return pending(facts, live, waiting(facts, live));
  return settled(event, facts);
}

/** The lanes of a deleted endpoint end a page at a time. */
function endedSoon(since: number): Answer {
  return {
    reason: 'endpoint-deleted',
    why: 'the endpoint was deleted; a job is about to make a dead letter of what its lane still held',
    since,
  };
}

/** An open dead letter, and one that was replayed with success; a replay that failed has made another. */
function letterOf({ letter, deletedAt }: DeliveryFacts): Answer | undefined {
  if (letter === undefined) return undefined;
  const { id, detail, replayedAt } = letter;
  if (letter.dismissed) {
    return {
      reason: 'given-up',
      why: `dead letter ${id}, dismissed by an operator: ${detail}`,
      deadLetter: id,
      since: letter.at,
    };
  }
  if (letter.reason === 'endpoint-deleted') {
    return { reason: 'endpoint-deleted', why: detail, deadLetter: id, since: deletedAt ?? letter.at };
  }
  if (replayedAt === undefined) {
    return {
      reason: 'given-up',
      why: `dead letter ${id}, not replayed: ${detail}`,
      deadLetter: id,
      since: letter.at,
    };
  }
  if (deletedAt !== undefined) {
    return {
      reason: 'endpoint-deleted',
      why: `dead letter ${id} was replayed; the endpoint was deleted since, and whether the replay came before is not recorded`,
      deadLetter: id,
      since: deletedAt,
    };
  }
  return {
    reason: 'replayed',
    why: `dead letter ${id} was replayed, and the replay has ended; when is not recorded`,
    deadLetter: id,
    deliveredFrom: replayedAt,
    exact: false,
  };
}

function settled({ time = 0 }: ExplainedEvent, facts: DeliveryFacts): Answer {
  const { range, passed, failures, deletedAt } = facts;
  if (passed !== undefined) return toldByPosition(passed, Math.max(range?.firstAt ?? 0, time));
  if (range === undefined) {
    const gone = deletedAt === undefined ? '' : '; the endpoint has been deleted since';
    return {
      reason: 'settled',
      why: `its lane has passed it; the record of when has been trimmed (retention.replay)${gone}`,
      exact: false,
    };
  }
  const { firstAt, lastAt, count } = range;
  const exact = count === 1;
  return {
    reason: 'answered',
    why: exact ? 'answered 2xx' : `answered 2xx: one of ${count} deliveries in a row between these times`,
    deliveredFrom: Math.min(Math.max(firstAt, time, failures.last?.at ?? 0), lastAt),
    deliveredThrough: lastAt,
    exact,
  };
}

/** "Applied through N" in the answer to an event before it: from then on the receiver has it, and it is not sent. */
function toldByPosition({ at, through, times }: NonNullable<DeliveryFacts['passed']>, from: number): Answer {
  const exact = times === 1;
  const why = exact
    ? `settled by the receiver's position: it said that it has applied everything through log sequence ${through}, so this was not sent`
    : `settled by the receiver's position, or answered 2xx: it told ${times} positions in a row, the last through log sequence ${through}`;
  return { reason: 'position', why, through, deliveredFrom: exact ? at : from, deliveredThrough: at, exact };
}

/** The log row is gone, and with it who wanted the event; a trimmed row had been passed by every lane. */
function untold(event: ExplainedEvent, facts: DeliveryFacts): Answer {
  if (facts.range !== undefined) return settled(event, facts);
  return {
    reason: 'trimmed',
    why: 'its log row has been trimmed (retention.replay): no lane waits for it, and whether this endpoint wanted it is no longer known',
  };
}

function unwanted(event: ExplainedEvent, facts: DeliveryFacts): Answer {
  const { suppressed, time = 0, logSeq = 0, asked = 'group.message.sent' } = event;
  const { endpoint } = facts;
  const { start, events, groups, name } = endpoint.settings;
  if (suppressed) return { reason: 'suppressed', why: 'the sender forbade it: ForbidAfterSendMsgCallback' };
  const isLater = endpoint.createdAt >= time;
  const covered =
    start.at === 'beginning' ||
    (start.at === 'time' && time >= start.time) ||
    (start.at === 'sequence' && logSeq >= start.seq);
  if (isLater && !covered) {
    return {
      reason: 'endpoint-new',
      why: 'the endpoint was made after the event, and starts after it',
      since: endpoint.createdAt,
    };
  }
  if (isLater && endpoint.starting) {
    return { reason: 'starting', why: 'the endpoint is still being started in the past' };
  }
  if (isLater && isWanted(facts, asked)) {
    return {
      reason: 'sent-by-start',
      why: 'the endpoint came later and started in the past, and its start has passed the event; when is not recorded',
      deliveredFrom: endpoint.createdAt,
      exact: false,
    };
  }
  if (!events.includes(asked)) {
    return { reason: 'not-subscribed', why: notSubscribed(endpoint.settings, asked) };
  }
  if (groups !== undefined && !isWanted(facts, asked)) {
    return {
      reason: 'filtered',
      why: `the group is not in the endpoint's groups (${groups.length} named now)`,
    };
  }
  return {
    reason: 'changed-since',
    why: `"${name}" did not ask for this when it was committed; it does now (replay sends it)`,
  };
}

function notSubscribed(settings: EndpointSettings, asked: AfterKind): string {
  const now = settings.events.join(', ');
  return asksBefore(settings)
    ? `the endpoint is asked before things happen (${now}), not told of ${asked}; its verdicts stand in the log ("asked before …") and the metrics`
    : `${asked} is not in the endpoint's events (now: ${now})`;
}

function isWanted({ endpoint, groupId }: DeliveryFacts, asked: AfterKind): boolean {
  return wants(endpoint.settings, asked, groupId);
}

/** What holds the whole endpoint goes before what holds the event. */
function pending(facts: DeliveryFacts, live: LiveDelivery | undefined, own: Answer): Answer {
  const { endpoint, pausedBy } = facts;
  const behind = own.behind === undefined ? {} : { behind: own.behind };
  if (own.reason === 'in-flight' || own.reason === 'settling') return own;
  if (endpoint.pauseReason === 'not-in-config') {
    return { reason: 'paused', why: 'the endpoint vanished from the configuration file', ...behind };
  }
  if (endpoint.paused) {
    const by = pausedBy === undefined ? 'an operator' : `"${pausedBy.actor}"`;
    const since = pausedBy === undefined ? {} : { since: pausedBy.at };
    return { reason: 'paused', why: `the endpoint was paused by ${by}`, ...since, ...behind };
  }
  if (endpoint.starting) {
    return { reason: 'starting', why: 'the endpoint is still being started in the past', ...behind };
  }
  if (live !== undefined && live.breaker !== 'closed') {
    const { openSince, probeAt } = live;
    return {
      reason: 'breaker-open',
      why:
        live.breaker === 'probing'
          ? "the endpoint's breaker is open; a probe is under way"
          : "the endpoint's breaker is open: nothing is tried but a probe",
      ...(openSince === undefined ? {} : { since: openSince }),
      ...(probeAt === undefined ? {} : { nextAt: probeAt }),
      ...behind,
    };
  }
  return own;
}

function waiting({ lane }: DeliveryFacts, live: LiveDelivery | undefined): Answer {
  if (live?.event === 'inFlight') return { reason: 'in-flight', why: 'an attempt is under way' };
  if (live?.event === 'settled') {
    return { reason: 'settling', why: 'its last attempt has just ended; the outcome is being written down' };
  }
  const head = lane?.head;
  if (lane?.replaying) return { reason: 'behind-replay', why: 'its lane sends a replay first' };
  if (head !== undefined) {
    const { msgSeq, logSeq, dueAt, lastFailure } = head;
    const which = msgSeq === 0 ? `log sequence ${logSeq}` : `MsgSeq ${msgSeq}`;
    const how =
      lastFailure === undefined
        ? 'which has not failed'
        : `which fails: ${lastFailure.verdict}, ${lastFailure.detail}`;
    return {
      reason: 'behind',
      why: `waits behind ${which}, ${how}`,
      behind: { logSeq, msgSeq },
      ...(dueAt === undefined ? {} : { nextAt: dueAt }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    };
  }
  if (lane?.retry !== undefined) {
    return { reason: 'retry', why: 'waits for its next attempt', nextAt: lane.retry.dueAt };
  }
  return next(live);
}

function replaying({ lane }: DeliveryFacts, live: LiveDelivery | undefined): Answer {
  if (live?.event === 'inFlight')
    return { reason: 'in-flight', why: 'an attempt of its replay is under way' };
  const nextAt = lane?.retry?.dueAt;
  return {
    reason: 'replay',
    why: 'a replay will send it',
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}

const HELD = {
  'slow-down': 'the receiver has answered 429 or 503 and asked to be called later',
  turn: 'other endpoints have all the places for attempts that this server has; its turn comes',
  concurrency: "all of the endpoint's places for attempts are taken (concurrency, less after a 429 or 503)",
  rate: 'the endpoint has had its attempts of this second (ratePerSecond)',
  store: 'the store takes no checkpoint, so no attempt begins',
} as const;

function next(live: LiveDelivery | undefined): Answer {
  const held = live?.held;
  const nextAt = live?.heldUntil === undefined ? {} : { nextAt: live.heldUntil };
  if (held !== undefined) return { reason: held, why: HELD[held], ...nextAt };
  return { reason: 'due', why: 'it is about to be sent' };
}
