/**
 * Every case of every contract, over real HTTP and an in-memory store. To run those of one command:
 *
 *     npx node --conditions=@confab-im/source --test --test-name-pattern='create_group' packages/server/test/contract/contract.test.ts
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ERRORS } from '@confab-im/protocol';
import type { Case, Refused, Success, WebhookBody } from './contract.ts';
import { loadContracts } from './load.ts';
import { assertMatches } from './pattern.ts';
import { ContractWorld } from './world.ts';

for (const contract of await loadContracts()) {
  for (const name of [contract.command, ...(contract.otherNames ?? [])]) {
    describe(name, () => {
      // A refusal changes nothing, which is checked, so that the next one finds the same world.
      const worlds = new Map<string, ContractWorld>();
      after(() => Promise.all([...worlds.values()].map((world) => world[Symbol.asyncDispose]())));

      async function worldOf({ given = [], rules = {}, later = 0 }: Refused): Promise<ContractWorld> {
        const key = JSON.stringify([given, rules, later]);
        const world = worlds.get(key) ?? (await ContractWorld.start({ given, rules, later }));
        worlds.set(key, world);
        return world;
      }

      for (const one of contract.cases) test(titleOf(one), () => run(one));

      async function run(one: Case): Promise<void> {
        if ('refused' in one && one.webhooks === undefined) {
          await refusedInSilence(await worldOf(one), name, one);
          return;
        }
        await using world = await ContractWorld.start(one);
        if ('refused' in one) await refused(world, name, one);
        else await succeeds(world, name, one);
        if (one.webhooks === undefined) await tells(world, []);
        if (!('refused' in one)) await shows(world, one);
        if (one.webhooks !== undefined) await tells(world, one.webhooks);
      }
    });
  }
}

function titleOf(one: Case): string {
  return 'refused' in one ? `${one.refused} ${ERRORS[one.refused].code}: ${one.title}` : one.title;
}

async function refusedInSilence(world: ContractWorld, command: string, one: Refused): Promise<void> {
  const before = { changes: world.changes, webhooks: world.webhooks };
  await refused(world, command, one);
  const now = { changes: world.changes, webhooks: world.webhooks };
  assert.deepEqual(now, before, 'nothing changes, nobody is told');
}

async function refused(world: ContractWorld, command: string, one: Refused): Promise<void> {
  const answer = await world.call(command, one.request);
  const { code } = ERRORS[one.refused];
  assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['FAIL', code], answer.ErrorInfo);
  assert.match(answer.ErrorInfo, /\S{3}/);
}

async function succeeds(world: ContractWorld, command: string, one: Success): Promise<void> {
  const answer = await world.call(command, one.request);
  assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['OK', 0], answer.ErrorInfo);
  assertMatches(answer, one.answer, 'answer');
}

async function shows(world: ContractWorld, one: Success): Promise<void> {
  for (const [question, body, shows] of one.afterwards ?? []) {
    assertMatches(await world.call(question, body), shows, `afterwards ${question}`);
  }
}

async function tells(world: ContractWorld, wanted: readonly WebhookBody[]): Promise<void> {
  await world.delivered();
  const commands = (bodies: readonly Readonly<Record<string, unknown>>[]) =>
    bodies.map(({ CallbackCommand }) => CallbackCommand);
  assert.deepEqual(commands(world.webhooks), commands(wanted));
  assertMatches(world.webhooks, wanted, 'webhooks');
}
