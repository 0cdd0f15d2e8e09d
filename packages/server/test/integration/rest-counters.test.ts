import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRest } from '../support/rest-harness.ts';

test('counters come and go with all 64 bits, beside escapes and nulls', async () => {
  await using rest = await startRest();
  assert.equal((await rest.call('create_group', { Type: 'Public', Name: 'n', GroupId: 'g' })).ErrorCode, 0);
  const search = new URLSearchParams(await rest.query());
  const post = async (command: string, body: string) => {
    const url = `http://127.0.0.1:${rest.port}/v4/group_open_http_svc/${command}?${search}`;
    return (await fetch(url, { method: 'POST', body })).text();
  };
  const values =
    '{"Key":"\\ud83d\\ude00","Value":9223372036854775807},{"Key":"b","Value":"-9223372036854775808"}';
  const answer =
    '"GroupCounter":[{"Key":"😀","Value":9223372036854775807},{"Key":"b","Value":-9223372036854775808}]';
  const updated = await post(
    'update_group_counter',
    `{"GroupId":"g","Mode":null,"GroupCounter":[${values}]}`,
  );
  assert.ok(updated.endsWith(`${answer}}`), updated);
  assert.ok((await post('get_group_counter', '{"GroupId":"g"}')).includes(answer));
});
