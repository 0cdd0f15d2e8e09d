/** What the REST API and the webhooks promise, against what has a case: packages/server/test/contract. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REST_NAVIGATION } from '../packages/server/src/rest/openapi/navigation.ts';
import {
  compatibilityMarkdown,
  SERVED,
  shownWebhooks,
  unseenFields,
} from '../packages/server/test/contract/compatibility-page.ts';
import { loadContracts } from '../packages/server/test/contract/load.ts';
import { WEBHOOK_FIELDS } from '../packages/server/test/contract/webhook-fields.ts';
import {
  WEBHOOK_DIFFERENCES,
  WEBHOOK_NAVIGATION,
  WEBHOOK_NOT_YET,
} from '../packages/server/test/contract/webhook-navigation.ts';

const contracts = await loadContracts();
const names = contracts.flatMap(({ command, otherNames = [] }) => [command, ...otherNames]);

test('every command of the route table has a contract, and only these', () => {
  assert.deepEqual(
    names.toSorted(),
    [...SERVED].toSorted(),
    'give a new command its cases in packages/server/test/contract; contract.ts there explains how',
  );
});

test('every contract shows a success and a refusal', () => {
  for (const { command, cases } of contracts) {
    const refusals = cases.filter((one) => 'refused' in one).length;
    assert.ok(refusals > 0, `${command}: no case is refused`);
    assert.ok(refusals < cases.length, `${command}: no case succeeds`);
    assert.equal(
      new Set(cases.map(({ title }) => title)).size,
      cases.length,
      `${command}: titles are unique`,
    );
  }
});

test('a contract has the number that the navigation has for its command', () => {
  const apis = REST_NAVIGATION.flatMap(({ apis }) => apis);
  assert.equal(apis.length, 111);
  const numbers = new Map(apis.map(([number, , command]) => [command, number]));
  for (const { command, api } of contracts) assert.equal(api, numbers.get(command), command);
});

test('webhooks that a case shows are webhooks of the navigation', () => {
  const known = new Set(
    WEBHOOK_NAVIGATION.flatMap(({ webhooks }) => webhooks).map(([, , command]) => command),
  );
  assert.equal(known.size, 36);
  for (const command of [
    ...shownWebhooks(contracts),
    ...Object.keys({ ...WEBHOOK_FIELDS, ...WEBHOOK_DIFFERENCES, ...WEBHOOK_NOT_YET }),
  ]) {
    assert.ok(known.has(command), command);
  }
});

test('a webhook of which a case looks at more than the name is looked at whole', () => {
  const named = contracts.flatMap(({ cases }) => cases.flatMap(({ webhooks = [] }) => webhooks));
  for (const command of new Set(named.map(({ CallbackCommand }) => CallbackCommand))) {
    assert.deepEqual(unseenFields(contracts, command), [], `${command}: no case looks at these`);
    assert.equal(WEBHOOK_NOT_YET[command], undefined, `${command} works`);
  }
});

test('docs/compatibility.md is what the cases say (scripts/docs.ts writes it)', async () => {
  const page = readFileSync(new URL('../docs/compatibility.md', import.meta.url), 'utf8');
  assert.equal(page, await compatibilityMarkdown(), 'run scripts/docs.ts');
});
