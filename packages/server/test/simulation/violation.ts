/** What the model holds the pipeline to. The numbers are those of the invariants in the design. */
export const RULES = {
  'dense-numbers': '2: log sequence and `MsgSeq` are 1, 2, 3, … in commit order, also after a crash',
  'acknowledged-durable': '1: what was acknowledged is stored, once, under the numbers of the answer',
  'log-order': '3: no request of an ordered lane starts before every earlier event of the lane is settled',
  'one-at-a-time': '3: an attempt never starts before the one before it in the same lane has ended',
  'nothing-skipped':
    '3, 5: a durable cursor, acknowledged number or replay position only passes events that are settled',
  'receiver-order': '3: a receiver first sees the events of a group in the order of the log',
  concurrency: "4: attempts under way stay within the endpoint's `concurrency`",
  rate: "4: attempts begun stay within the endpoint's `ratePerSecond`",
  'memory-window': '4: lanes in memory stay within the window, events read within the page',
  breaker: 'an open breaker lets nothing through but one probe at a time, when it is due',
  'retry-delay': '`Retry-After` is honoured',
  paused: 'a paused endpoint begins nothing',
  starting: 'an endpoint begins nothing before its past has been queued',
  'bounded-duplicates':
    '6: an event is sent again only after a failure, or after a crash that its checkpoint missed',
  'checkpoint-age': '6: an outcome is on its way to the store within 50 ms',
  'stuck-store': '6: while the store refuses checkpoints, or has taken none for a second, nothing new begins',
  fenced:
    'a process that lost the store writes no outcome and begins nothing once it knows; a node writes under leases that stand',
  lease: 'several nodes: an attempt begins only under a lease that stands, by the clock of the database',
  'hand-over':
    'several nodes: a lease is given back when nothing is under way under it and all is written down',
  'take-over': 'several nodes: what nobody holds is taken by a node that can, within a third of a lease',
  'clean-stop': 'after a stop in order nothing delivered comes again',
  replay: 'what is asked for again is sent again, in order',
  'dead-letter': '5: a dead letter has a reason that happened, and a row before its lane goes on',
  chain:
    '3: an event of the dialect `standard` names the one before it on its lane; a gap that a receiver sees is real',
  tombstone: '5: a tombstone stands for what was given up with `skip` or trimmed, and for nothing else',
  position: 'a lane goes where its receiver stands: back when it may, forward never beyond the log',
  deleted:
    '5: an endpoint that was deleted is sent nothing more; each of its lanes that was behind has a dead letter',
  'all-settled': '5: in the end every event was delivered or is a dead letter, and no lane is behind',
  'no-surprise': 'nothing throws, rejects unheard, or fails in the store without a cause',
} as const;

export type Rule = keyof typeof RULES;

export interface Violation {
  readonly rule: Rule;
  readonly why: string;
}
