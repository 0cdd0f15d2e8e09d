/** What has become of one event for one endpoint. */
export interface EventState {
  readonly seq: number;
  /** The event before it in the chain of its lane; undefined: at its commit the endpoint was not told its chain. */
  readonly prev: number | undefined;
  /** Store generation of the process that last heard of its delivery; 0: nobody has, `OTHERWISE`: it need not be delivered. */
  deliveredBy: number;
  /** Its dead letter stands in the store, and nothing stands for it. */
  buried: boolean;
  /** Its dead letter stands in the store, and its tombstone is what has to be delivered. */
  entombed: boolean;
  /** Its tombstone was sent, without an order, before its dead letter stood in the store. */
  early: boolean;
  /** The store knows that it is settled: no process may send it again of itself. */
  durable: boolean;
  /** The receiver has seen it. */
  processed: boolean;
  /** The receiver has had it, or its tombstone, and lost it. */
  lost: boolean;
  /** The receiver said that it has it though it was not sent: it need not be. */
  passed: boolean;
  /** It was settled, and the receiver has said that it stands before it: the lane may go back to it. */
  mayRepeat: boolean;
  /** Since then it was read, so that a lane that goes back may send it whatever has been trimmed. */
  readAgain: boolean;
  /** The lane has gone back to it. */
  reopened: boolean;
  /** Something excused its missing until the lane went back to it for this time; 0: nothing did, or it has not. */
  excusedUntil: number;
  /** It was trimmed before its dead letter came, for the lane had gone back to it or its endpoint was deleted: that has nothing to show. */
  buriedTrimmed: boolean;
  /** Attempts that failed and counted. */
  failures: number;
  /**
   * A receiver asked not to be called before: by the wall clock in unix ms, and by the true time in virtual ms. `bound`: the longest
   * wait in ms that the endpoint's settings allowed then.
   */
  notBefore: { readonly wall: number; readonly true: number; readonly bound: number };
}

export const ANY_TIME = { wall: 0, true: 0, bound: 0 };
/** Of what is settled without a delivery. */
export const OTHERWISE = -1;

export function newEvent(seq: number, prev: number | undefined): EventState {
  return {
    seq,
    prev,
    deliveredBy: 0,
    buried: false,
    entombed: false,
    early: false,
    durable: false,
    processed: false,
    lost: false,
    passed: false,
    mayRepeat: false,
    readAgain: false,
    reopened: false,
    excusedUntil: 0,
    buriedTrimmed: false,
    failures: 0,
    notBefore: ANY_TIME,
  };
}

export function isSettled(event: EventState): boolean {
  return event.deliveredBy !== 0 || event.buried || event.passed;
}

/** It was settled before the lane went back to it, and need not be again. */
export function settleOtherwise(event: EventState): void {
  event.deliveredBy = OTHERWISE;
  event.durable = true;
}

/** A receiver may miss it: it was given up, lost there, or said to be there. */
export function isExcused(event: EventState): boolean {
  const { buried, lost, passed, processed, deliveredBy } = event;
  return buried || lost || passed || processed || deliveredBy === OTHERWISE;
}
