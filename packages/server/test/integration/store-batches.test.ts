import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { Command } from '../../src/store/commands.ts';
import type { LaneKey } from '../../src/store/lanes.ts';
import { SqliteCore } from '../../src/store/sqlite/core.ts';
import {
  APP,
  audit,
  checkpoint,
  createGroup,
  DAY,
  endpointSettings,
  OTHER_APP,
  progress,
  putEndpoint,
  START,
  sendMessage,
  startReplay,
  trim,
} from '../conformance/commands.ts';

const MIGRATIONS = new URL('../../src/store/sqlite/migrations/', import.meta.url);
const SCHEMA = readdirSync(MIGRATIONS)
  .sort()
  .map((name) => readFileSync(new URL(name, MIGRATIONS), 'utf8'))
  .join('');

/** A core over a database that the test can look into. */
function openCore(): { db: DatabaseSync; core: SqliteCore } & Disposable {
  const db = new DatabaseSync(':memory:');
  db.exec(SCHEMA);
  const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 3, groupsPerUser: 2 };
  const core = new SqliteCore(db, rules, { installId: '01234567', generation: 1 });
  return { db, core, [Symbol.dispose]: () => core.close() };
}

/** Every row of every table. */
function dump(db: DatabaseSync): Record<string, unknown[]> {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${String(name)}"`).all()]),
  );
}

const app = fc.constantFrom(APP, APP, OTHER_APP);
const user = fc.constantFrom('a', 'b', 'c', 'nobody');
const userIds = fc.array(user, { minLength: 1, maxLength: 3 });
const groupId = fc.constantFrom('g', 'h', '@TGS#_c');
const name = fc.constantFrom('hook', 'all');
const lane = fc.record({
  endpointId: fc.integer({ min: 1, max: 3 }),
  streamId: fc.integer({ min: 1, max: 4 }),
});
const seq = fc.integer({ min: 1, max: 12 });
const at = { now: START, operator: 'x' };

const start = fc.constantFrom(
  { at: 'now' } as const,
  { at: 'beginning' } as const,
  { at: 'time', time: START } as const,
);
const groups = fc.constantFrom(['g'], ['g', 'h']);
const settings = fc.record({ start, groups }, { requiredKeys: ['start'] });

const checkpoints = fc
  .record({
    lane,
    cursor: seq,
    idle: fc.boolean(),
    replayedThrough: fc.nat(6),
    dead: fc.boolean(),
    probe: fc.boolean(),
  })
  .map((made) => checkpointOf(made.lane, made));

function checkpointOf(
  key: LaneKey,
  {
    cursor,
    idle,
    replayedThrough,
    dead,
    probe,
  }: { cursor: number; idle: boolean; replayedThrough: number; dead: boolean; probe: boolean },
): Command {
  const failure = {
    lane: key,
    seq: cursor,
    attempt: 1,
    at: START,
    durationMs: 1,
    verdict: 'timeout',
    detail: '',
    probe,
  };
  const letter = {
    lane: key,
    seq: cursor,
    reason: 'age',
    detail: '',
    attempts: 1,
    firstAttemptAt: START,
  } as const;
  const delivered = { fromSeq: cursor, throughSeq: cursor, count: 1, firstAt: START, lastAt: START };
  return checkpoint(1, {
    lanes: [progress(key, { cursor, idle, replayedThrough, replayId: 1, delivered })],
    attempts: [failure],
    deadLetters: dead ? [letter] : [],
  });
}

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(app, userIds).map(([of, ids]): Command => {
    return { type: 'importAccounts', now: START, app: of, accounts: ids.map((userId) => ({ userId })) };
  }),
  fc
    .tuple(app, userIds)
    .map(([of, ids]): Command => ({ type: 'deleteAccounts', now: START, app: of, userIds: ids })),
  fc
    .record({
      app,
      groupId,
      owner: user,
      groupType: fc.constantFrom('Public', 'Private', 'AVChatRoom', 'Community'),
    })
    .map((fields) => createGroup(fields)),
  fc.record({ app, groupId }).map((fields): Command => ({ type: 'destroyGroup', ...at, ...fields })),
  fc
    .record({
      app,
      groupId,
      userIds,
      silent: fc.boolean(),
      type: fc.constantFrom('addMembers', 'deleteMembers'),
    })
    .map((fields): Command => ({ ...at, ...fields })),
  fc
    .record({ app, groupId, userIds, seconds: fc.constantFrom(0, 60) })
    .map((fields): Command => ({ type: 'muteMembers', ...at, ...fields })),
  ...Array.from({ length: 6 }, () =>
    fc
      .record({
        app,
        random: fc.nat(20),
        onlineOnly: fc.boolean(),
        forbidAfterWebhook: fc.boolean(),
        now: fc.nat(9_000),
      })
      .chain((fields) =>
        fc
          .tuple(groupId, user)
          .map(([id, sender]) => sendMessage(id, sender, { ...fields, now: START + fields.now })),
      ),
  ),
  fc.tuple(name, settings, app).map(([of, made, appOf]) => putEndpoint(of, made, { app: appOf })),
  fc.array(name, { maxLength: 2 }).map((names): Command => {
    return {
      type: 'syncEndpoints',
      now: START,
      app: APP,
      endpoints: names.map((of) => endpointSettings(of)),
    };
  }),
  fc.tuple(name, fc.boolean()).map(([of, paused]): Command => {
    return { type: 'setEndpointPaused', now: START, app: APP, name: of, paused };
  }),
  name.map((of): Command => ({ type: 'deleteEndpoint', now: START, app: APP, name: of, force: true })),
  fc.tuple(name, fc.option(groupId, { nil: undefined })).map(([of, id]) => {
    return startReplay(of, id === undefined ? {} : { groupId: id });
  }),
  fc
    .integer({ min: 1, max: 4 })
    .map((id): Command => ({ type: 'replayDeadLetter', now: START, app: APP, id })),
  fc.integer({ min: 1, max: 3 }).map((pageSize): Command => ({ type: 'continueJobs', now: START, pageSize })),
  fc
    .record({ now: fc.constantFrom(START, START + DAY), limit: fc.integer({ min: 1, max: 5 }) })
    .map((fields) => trim({ ...fields, replayWindowMs: 600_000, messageWindowMs: 900_000 })),
  checkpoints,
  fc.constant(audit()),
);

/** Batches that chance seldom makes: a command that reads streams right behind one that has changed them. */
const founding: Command[] = [
  { type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] },
  createGroup({ groupId: 'g' }),
];
const unwanted = sendMessage('g', 'a', { forbidAfterWebhook: true });
const examples: [Command[][]][] = [
  [
    [
      founding,
      [putEndpoint('hook', { start: { at: 'beginning' } })],
      [unwanted, { type: 'continueJobs', now: START, pageSize: 9 }],
    ],
  ],
  [
    [
      [...founding, putEndpoint('hook')],
      [sendMessage('g', 'a')],
      [
        checkpointOf(
          { endpointId: 1, streamId: 1 },
          { cursor: 2, idle: true, replayedThrough: 0, dead: true, probe: false },
        ),
      ],
      [unwanted, { type: 'replayDeadLetter', now: START, app: APP, id: 1 }],
    ],
  ],
];

const batches = fc.array(fc.array(command, { minLength: 1, maxLength: 15 }), { minLength: 1, maxLength: 8 });

test('commands in batches leave the same rows and answers as one by one', () => {
  const run = (split: Command[][]): void => {
    using together = openCore();
    using single = openCore();
    for (const batch of split) {
      const { outcomes, hints } = together.core.commit(batch);
      const one = batch.map((made) => single.core.commit([made]));
      assert.deepEqual(
        outcomes,
        one.flatMap((committed) => committed.outcomes),
      );
      assert.deepEqual(
        hints,
        one.flatMap((committed, command) => committed.hints.map((hint) => ({ ...hint, command }))),
      );
      assert.deepEqual(dump(together.db), dump(single.db));
      assert.ok(
        outcomes.every((outcome) => outcome.kind !== 'failed'),
        'no command may break the store',
      );
    }
  };
  fc.assert(fc.property(batches, run), { numRuns: 150, examples });
});

test('every stream has its numbers 1, 2, 3 … without a hole, in the log and in the history', () => {
  const run = (split: Command[][]): void => {
    using opened = openCore();
    const commands = split.map((batch) => batch.filter(({ type }) => type !== 'trim'));
    for (const batch of commands) opened.core.commit(batch);
    const holes = opened.db.prepare(
      `SELECT s.id FROM stream s JOIN chat_group g ON g.stream_id = s.id
       WHERE (SELECT count(*) FROM log WHERE stream_id = s.id) <> s.head
         OR (SELECT coalesce(max(log_seq), 0) FROM log WHERE stream_id = s.id) <> s.head
         OR (SELECT count(*) FROM log a JOIN log b ON b.stream_id = a.stream_id AND b.log_seq = a.log_seq + 1
             WHERE a.stream_id = s.id AND b.time < a.time) > 0
         OR (g.type <> 'AVChatRoom' AND
             (SELECT count(*) FROM message WHERE stream_id = s.id) <> g.next_msg_seq - 1)
         OR (SELECT count(*) FROM message m WHERE m.stream_id = s.id AND NOT EXISTS
             (SELECT 1 FROM log l WHERE l.stream_id = s.id AND l.log_seq = m.log_seq)) > 0`,
    );
    assert.deepEqual(holes.all(), []);
  };
  fc.assert(fc.property(batches, run), { numRuns: 150 });
});
