/**
 * The whole REST surface under bodies that do not fit it, made from the schemas of all commands: whatever stands in the table of
 * routes is tried. A failure prints the command, the body and the seed; `CONFAB_FUZZ_SEED` repeats it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ERRORS, type ErrorName } from '@confab-im/protocol';
import fc from 'fast-check';
import { BEFORE_KINDS } from '../../src/domain/event-kinds.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { eventsKnownTo, showEvents } from '../../src/domain/settings/events.ts';
import { readBody } from '../../src/rest/body.ts';
import type { RestCommand } from '../../src/rest/command.ts';
import { COMMANDS } from '../../src/rest/commands.ts';
import { storeInProcess } from '../../src/store/sqlite/in-process.ts';
import { openCore } from '../../src/store/sqlite/open.ts';
import { PipeliningClient } from '../support/pipelining-client.ts';
import { type Answer, type Harness, startRest } from '../support/rest-harness.ts';
import { bytes, fitting, NO_OBJECTS, spoilt } from '../support/schema-values.ts';
import { type Receiver, startReceiver } from '../support/scripted-receiver.ts';

const MALFORMED = 100_000;
const NONSENSE = 10_000;
const BATCH = 250;
const SEED = Number(process.env.CONFAB_FUZZ_SEED ?? Math.trunc(Math.random() * 2 ** 31));

/** What a server that failed would answer. */
const FAILURES: ReadonlySet<number> = new Set(
  Object.values(ERRORS).flatMap(({ code, text }) => (/^The server failed/.test(text) ? [code] : [])),
);

const opened = openCore(':memory:', { ...DEFAULT_RULES, groupMessagesPerSecond: 0 });
let rest: Harness;
let receiver: Receiver;
let client: PipeliningClient;
let query: string;

before(async () => {
  rest = await startRest({ store: storeInProcess(opened), logLevel: 'warn' });
  receiver = await startReceiver();
  client = await PipeliningClient.open(rest.port);
  query = String(new URLSearchParams(await rest.query()));
  await rest.call('im_open_login_svc/multiaccount_import', { Accounts: ['owner', 'u1', 'u2', 'u3'] });
  for (const [Type, GroupId] of GROUPS) {
    await rest.call('create_group', { Type, GroupId, Name: 'n', Owner_Account: 'owner', SupportTopic: 0 });
  }
});
after(async () => {
  client[Symbol.dispose]();
  await receiver.close();
  await rest[Symbol.asyncDispose]();
});

const GROUPS = [
  ['Public', 'g'],
  ['Work', 'work'],
  ['Meeting', 'meeting'],
  ['AVChatRoom', 'live'],
  ['Community', '@TGS#_town'],
] as const;
const ELEMENT = { MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } };

function known(key: string): readonly unknown[] {
  if (/Account|UserID|Identifier/.test(key)) return ['owner', 'u1', 'u2', 'ghost', 'administrator'];
  if (/^(To)?Groupid(List)?$/i.test(key)) return [...GROUPS.map(([, GroupId]) => GroupId), 'nope'];
  if (key === 'MsgBody') return [ELEMENT, ELEMENT, {}, { MsgType: 'TIMCustomElem', MsgContent: null }];
  return /Seq|Time|Limit|Offset|Next/.test(key) ? [0, 1, 2] : [];
}

const pathOf = ({ service, name }: RestCommand) => `/v4/${service.name}/${name}?${query}`;

/** Sends bodies of one command; each answer with its body. */
async function send(
  command: RestCommand,
  bodies: readonly Uint8Array[],
): Promise<(readonly [Uint8Array, Answer])[]> {
  const answers = await client.post(bodies.map((body) => [pathOf(command), body]));
  return answers.map(({ status, body }, index) => {
    const sent = bodies[index] ?? new Uint8Array();
    assert.equal(status, 200, shown(command, sent));
    const answer = JSON.parse(body) as Answer;
    assert.ok(!FAILURES.has(answer.ErrorCode), `${shown(command, sent)}: ${body}`);
    assert.ok(answer.ErrorCode === 0 ? answer.ErrorInfo === '' : /\S{3}/.test(answer.ErrorInfo), body);
    return [sent, answer];
  });
}

function shown({ name }: RestCommand, body: Uint8Array): string {
  return `${name} ${Buffer.from(body).toString('utf8').slice(0, 500)} (CONFAB_FUZZ_SEED=${SEED})`;
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH);
}

/** So many bodies that the command's schema refuses, and what it lets through besides. */
function malformed(command: RestCommand, count: number): Uint8Array[] {
  const values = fitting(command.schema, known);
  const spoiltBodies = spoilt(values).map((value) => bytes(JSON.stringify(value) ?? ''));
  const twice = spoilt(spoilt(values)).map((value) => bytes(JSON.stringify(value) ?? ''));
  const bodies = fc.oneof(
    { arbitrary: spoiltBodies, weight: 5 },
    { arbitrary: twice, weight: 2 },
    { arbitrary: NO_OBJECTS, weight: 1 },
  );
  const found: Uint8Array[] = [];
  for (let round = 0; found.length < count; round++) {
    assert.ok(round < 50, `${command.name}: too little of what is made is refused`);
    const made = fc.sample(bodies, { numRuns: count, seed: SEED + round });
    found.push(...made.filter((body) => isRefusal(readBody(command, Buffer.from(body)))));
  }
  return found.slice(0, count);
}

/** Codes for a request that does not have the shape of its command. */
function codesOfShape({ service }: RestCommand): ReadonlySet<number> {
  const names: readonly ErrorName[] = [
    ...[service.badJson, service.badField],
    ...service.fieldFaults.map(({ error }) => error),
  ];
  return new Set(names.map((name) => ERRORS[name].code));
}

test(`${MALFORMED} malformed bodies are refused, change nothing and tell nobody`, async (t) => {
  t.diagnostic(`CONFAB_FUZZ_SEED=${SEED}`);
  const events = ['all', ...showEvents(eventsKnownTo('tencent', BEFORE_KINDS), 'tencent')];
  await rest.putEndpoint({ name: 'all', url: receiver.url, events, allowPrivateNetwork: true });
  const changes = opened.changes();
  const each = Math.ceil(MALFORMED / COMMANDS.length);
  let refused = 0;
  for (const command of COMMANDS) {
    const codes = codesOfShape(command);
    for (const bodies of batches(malformed(command, each))) {
      for (const [body, answer] of await send(command, bodies)) {
        assert.equal(answer.ActionStatus, 'FAIL', shown(command, body));
        assert.ok(codes.has(answer.ErrorCode), `${shown(command, body)}: ${answer.ErrorCode}`);
        refused += 1;
      }
      assert.equal(opened.changes(), changes, shown(command, bodies[0] ?? new Uint8Array()));
    }
  }
  assert.ok(refused >= MALFORMED);
  assert.equal(receiver.requests.length, 0);
  assert.deepEqual(rest.logged, []);
  await rest.store.commit({
    type: 'deleteEndpoint',
    app: 1400000001,
    now: rest.clock.now(),
    name: 'all',
    force: true,
  });
  await rest.beforeWebhook.reload();
});

test(`${NONSENSE} bodies of the right shape without sense never make the server fail`, async (t) => {
  t.diagnostic(`CONFAB_FUZZ_SEED=${SEED}`);
  const each = Math.ceil(NONSENSE / COMMANDS.length);
  const made = COMMANDS.flatMap((command) =>
    fc
      .sample(fitting(command.schema, known), { numRuns: each, seed: SEED })
      .map((value) => [command, bytes(JSON.stringify(value))] as const),
  );
  // One after the other through all commands, so that they meet what the others have left.
  for (let turn = 0; turn < each; turn++) {
    for (const [command, body] of made.filter((_, index) => index % each === turn)) {
      const changes = opened.changes();
      const [[, answer] = []] = await send(command, [body]);
      if (answer?.ActionStatus === 'FAIL') assert.equal(opened.changes(), changes, shown(command, body));
    }
  }
  assert.deepEqual(rest.logged, []);
});
