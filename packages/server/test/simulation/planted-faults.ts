/**
 * Bugs on purpose, each a small change in the text of one file of the code under test (system.ts loads the changed copy).
 * The simulation has to find every one of them: a proof that catches nothing proves nothing.
 */
export interface PlantedFault {
  readonly name: string;
  /** What a reader of the table should know. */
  readonly bug: string;
  /** Below `packages/server/src`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'cursor-before-answer',
    bug: 'the cursor passes an event while its request is under way',
    file: 'webhook/lane.ts',
    find: 'const first = this.#entries.find(({ event }) => event.replayId === undefined);',
    replace:
      "const first = this.#entries.find(({ event, state }) => event.replayId === undefined && state !== 'inFlight');",
  },
  {
    name: 'outcome-not-fenced',
    bug: 'the store takes checkpoints of a process that has lost it',
    file: 'store/sqlite/apply/dispatch.ts',
    find: "if (command.generation !== generation) return { kind: 'fenced' };",
    replace: 'void generation;',
  },
  {
    name: 'fence-ignored',
    bug: 'a process that was told it lost the store goes on delivering',
    file: 'webhook/dispatcher.ts',
    find: 'onFenced: () => {\n        void this.abort();',
    replace: 'onFenced: () => {',
  },
  {
    name: 'wake-up-relied-upon',
    bug: 'there is no poll: a lost hint is never made up for',
    file: 'webhook/dispatcher.ts',
    find: 'for (const runner of this.#runners.values()) void runner.refill();',
    replace: '',
  },
  {
    name: 'sequence-reused-after-crash',
    bug: "a stream's head is written one short, so that a restart gives a number out twice",
    file: 'store/sqlite/groups.ts',
    find: 'this.#updateStream.run(state.head,',
    replace: 'this.#updateStream.run(Math.max(1, state.head - 1),',
  },
  {
    name: 'rollback-remembered',
    bug: 'after a rollback the numbers given out in it stay used in memory',
    file: 'store/sqlite/groups.ts',
    find: 'forget(): void {\n    this.#cache.clear();',
    replace: 'forget(): void {',
  },
  {
    name: 'failed-commit-acknowledged',
    bug: 'a transaction that was rolled back is answered as if it stood',
    file: 'store/sqlite/core.ts',
    find: 'forgetAll(this.#tables);\n      throw error;',
    replace:
      "forgetAll(this.#tables);\n      if (commands[0]?.type !== 'sendMessage') throw error;\n      return { outcomes: commands.map(() => ({ kind: 'sent', streamId: 1, logSeq: 2, msgSeq: 1, msgTime: 0 })), hints: [] };",
  },
  {
    name: 'retry-overtakes',
    bug: 'a failed event goes to the end of its lane',
    file: 'webhook/lane.ts',
    find: "own.state = 'waiting';",
    replace:
      "own.state = 'waiting';\n    this.#entries.push(...this.#entries.splice(this.#entries.indexOf(own), 1));",
  },
  {
    name: 'two-at-a-time',
    bug: 'an ordered lane sends two events at a time',
    file: 'webhook/lane.ts',
    find: "this.#window = order === 'none' ? UNORDERED_WINDOW : 1;",
    replace: "this.#window = order === 'none' ? UNORDERED_WINDOW : 2;",
  },
  {
    name: 'lane-dropped-on-breaker-open',
    bug: 'when the breaker opens a lane is set aside without going back to the store',
    file: 'webhook/endpoint-runner.ts',
    find: 'for (const lane of this.#lanes.values()) this.#evict(lane);',
    replace: 'for (const lane of this.#lanes.values()) lane.evictAt ??= 1;',
  },
  {
    name: 'breaker-lets-through',
    bug: 'an open breaker lets lanes go on',
    file: 'webhook/endpoint-runner.ts',
    find: "if (this.#breaker.state !== 'closed' && lane !== this.#breaker.probe) this.#evict(lane);",
    replace: "if (this.#breaker.state === 'open' && lane.letGo) this.#evict(lane);",
  },
  {
    name: 'checkpoint-lost-but-believed',
    bug: 'a checkpoint that the store refused counts as written',
    file: 'webhook/checkpointer.ts',
    find: 'if (this.#isDead()) return undefined;',
    replace: "return { kind: 'done', kept: [] };",
  },
  {
    name: 'goes-on-while-store-is-stuck',
    bug: 'deliveries begin although the store refuses checkpoints',
    file: 'webhook/attempt-gate.ts',
    find: 'if (this.#deps.checkpointer.stuck) {',
    replace: 'if (this.#deps.checkpointer.stuck && this.inFlight < 0) {',
  },
  {
    name: 'checkpoint-late',
    bug: 'checkpoints come after 5 s in place of 50 ms',
    file: 'webhook/checkpointer.ts',
    find: 'const CHECKPOINT_MS = 50;',
    replace: 'const CHECKPOINT_MS = 5_000;',
  },
  {
    name: 'stop-forgets',
    bug: 'a stop in order does not write down where the lanes stand',
    file: 'webhook/dispatcher.ts',
    find: 'await this.#checkpointer.stop();',
    replace: 'this.#checkpointer.abort();',
  },
  {
    name: 'replay-skips',
    bug: 'a replay begins behind its first event',
    file: 'store/sqlite/lane-reader.ts',
    find: 'let after = replay.next_seq - 1;',
    replace: 'let after = replay.next_seq;',
  },
  {
    name: 'dead-letter-without-row',
    bug: 'an event is given up without a dead letter',
    file: 'webhook/checkpointer.ts',
    find: 'this.#deadLetters.push(letter);',
    replace: 'void letter;',
  },
  {
    name: 'dead-letter-not-stored',
    bug: 'the store drops the dead letters of a checkpoint',
    file: 'store/sqlite/apply/dispatch.ts',
    find: 'for (const letter of command.deadLetters) tables.outcomes.deadLetter(letter, command.now);',
    replace: '',
  },
  {
    name: 'burial-not-waited-for',
    bug: 'a lane goes on before the dead letter of its head is durable',
    file: 'webhook/lane.ts',
    find: "if (this.#burial !== undefined) return { kind: 'busy' };",
    replace: '',
  },
  {
    name: 'idle-believed',
    bug: "a lane's row goes although an event was committed meanwhile",
    file: 'store/sqlite/apply/dispatch.ts',
    find: 'else if (hasNews(tables, lane)) {',
    replace: 'else if (hasNews(tables, lane) && lane.cursor < 0) {',
  },
  {
    name: 'acknowledged-forgotten',
    bug: 'an unordered lane sends again what the store knows to be settled',
    file: 'webhook/lane.ts',
    find: 'if (event.replayId === undefined && this.#acked.has(event.seq)) continue;',
    replace: '',
  },
  {
    name: 'trim-ignores-cursors',
    bug: 'the trimmer takes events that a lane has not delivered',
    file: 'store/sqlite/trimmer.ts',
    find: 'this.#tables.lanes.lowestCursor(streamId) ?? Number.MAX_SAFE_INTEGER',
    replace: 'Number.MAX_SAFE_INTEGER',
  },
  {
    name: 'concurrency-off-by-one',
    bug: 'one attempt more than allowed',
    file: 'webhook/pace.ts',
    find: 'if (this.inFlight >= (probe',
    replace: 'if (this.inFlight > (probe',
  },
  {
    name: 'rate-ignored',
    bug: 'attempts begin as fast as they can',
    file: 'webhook/pace.ts',
    find: 'return waitForToken(this.#bucket, this.#ratePerSecond);',
    replace: 'return 0;',
  },
  {
    name: 'retry-after-ignored',
    bug: 'the receiver asks for 2 s and gets none',
    file: 'domain/backoff.ts',
    find: 'Math.min(retryAfterMs, policy.maxRetryAfterMs)',
    replace: 'Math.min(retryAfterMs, 0)',
  },
  {
    name: 'hold-ignored',
    bug: "a receiver's Retry-After holds the one group that got it, and no other",
    file: 'webhook/pace.ts',
    find: 'if (held > 0) return held;',
    replace: '',
  },
  {
    name: 'clock-believed',
    bug: 'a lane that a clock set back left in the far future waits until then',
    file: 'store/sqlite/lanes.ts',
    find: 'const latest = longestWaitMs === undefined ?',
    replace: 'const latest = longestWaitMs !== 0 ?',
  },
  {
    name: 'places-unbounded',
    bug: 'endpoints take more places than there are',
    file: 'webhook/places.ts',
    find: '(this.#waiting > 0 || this.#held >= this.#bound)',
    replace: 'this.#waiting > 0',
  },
  {
    name: 'place-not-given-back',
    bug: 'an attempt that fails keeps its place for ever',
    file: 'webhook/attempt-gate.ts',
    find: 'places.give(this.#seat);',
    replace: "if (outcome.kind !== 'failed') places.give(this.#seat);",
  },
  {
    name: 'pause-ignored',
    bug: 'paused endpoints are delivered to',
    file: 'webhook/dispatcher.ts',
    find: 'filter((endpoint) => !endpoint.paused)',
    replace: 'filter((endpoint) => endpoint.id > 0)',
  },
  {
    name: 'start-not-waited-for',
    bug: 'a new endpoint delivers the present before its past was queued',
    file: 'webhook/dispatcher.ts',
    find: 'active.filter((endpoint) => !endpoint.starting)',
    replace: 'active.filter((endpoint) => endpoint.id > 0)',
  },
  {
    name: 'change-not-drained',
    bug: 'a changed endpoint starts anew while its old requests are under way',
    file: 'webhook/dispatcher.ts',
    find: 'await Promise.all(gone.map((runner) => runner.drain()));',
    replace: 'for (const runner of gone) void runner.drain();',
  },
  {
    name: 'window-unbounded',
    bug: 'as many lanes in memory as there are',
    file: 'webhook/endpoint-runner.ts',
    find: 'Math.max(endpoint.settings.concurrency * 2, 128)',
    replace: 'Math.max(endpoint.settings.concurrency * 2, 1_000)',
  },
  {
    name: 'probe-with-company',
    bug: "a probe's lane sends more beside the probe",
    file: 'webhook/endpoint-runner.ts',
    find: 'if (isProbe && lane.inFlight) return true;',
    replace: '',
  },
];
