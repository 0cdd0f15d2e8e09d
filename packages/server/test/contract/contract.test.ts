/**
 * Every case of every contract, over real HTTP and an in-memory store. To run those of one command:
 *
 *     npx node --conditions=@confab-im/source --test --test-name-pattern='create_group' packages/server/test/contract/contract.test.ts
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ERRORS } from '@confab-im/protocol';
import type { Case, Refused, Success } from './contract.ts';
import { loadContracts } from './load.ts';
import { assertMatches } from './pattern.ts';
import { ContractWorld } from './world.ts';

for (const contract of await loadContracts()) {
  for (const name of [contract.command, ...(contract.otherNames ?? [])]) {
    describe(name, () => {
      // A refusal changes nothing, which is checked, so that the next one finds the same world.
      const worlds = new Map<string, ContractWorld>();
      after(() => Promise.all([...worlds.values()].map((world) => world[Symbol.asyncDispose]())));

      async function worldOf({ given = [], rules = {} }: Case): Promise<ContractWorld> {
        const key = JSON.stringify([given, rules]);
        const world = worlds.get(key) ?? (await ContractWorld.start(given, rules));
        worlds.set(key, world);
        return world;
      }

      for (const one of contract.cases) {
        if ('refused' in one) {
          test(`${one.refused} ${ERRORS[one.refused].code}: ${one.title}`, async () =>
            refused(await worldOf(one), name, one));
        } else {
          test(one.title, async () => {
            await using world = await ContractWorld.start(one.given ?? [], one.rules);
            await succeeds(world, name, one);
          });
        }
      }
    });
  }
}

async function refused(world: ContractWorld, command: string, one: Refused): Promise<void> {
  const before = { changes: world.changes, webhooks: world.webhooks };
  const answer = await world.call(command, one.request);
  const { code } = ERRORS[one.refused];
  assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['FAIL', code], answer.ErrorInfo);
  assert.match(answer.ErrorInfo, /\S{3}/);
  assert.deepEqual(
    { changes: world.changes, webhooks: world.webhooks },
    before,
    'nothing changes, nobody is told',
  );
}

async function succeeds(world: ContractWorld, command: string, one: Success): Promise<void> {
  const answer = await world.call(command, one.request);
  assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['OK', 0], answer.ErrorInfo);
  assertMatches(answer, one.answer, 'answer');
  for (const [question, body, shows] of one.afterwards ?? []) {
    assertMatches(await world.call(question, body), shows, `afterwards ${question}`);
  }
  if (one.webhooks === undefined) return;
  await world.delivered();
  const commands = (bodies: readonly Readonly<Record<string, unknown>>[]) =>
    bodies.map(({ CallbackCommand }) => CallbackCommand);
  assert.deepEqual(commands(world.webhooks), commands(one.webhooks));
  assertMatches(world.webhooks, one.webhooks, 'webhooks');
}
