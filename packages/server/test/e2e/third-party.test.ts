/** The server driven by libraries of others: UserSigs of Tencent's own package, calls by a client made from /openapi.json. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const run = promisify(execFile);
const EXAMPLE = fileURLToPath(new URL('../../../../examples/third-party/backend.mjs', import.meta.url));
const APP = 1_400_000_001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

/** The package has no types. */
interface SigApi {
  genUserSig(userId: string, expireSeconds: number): string;
  genPrivateMapKey(userId: string, expireSeconds: number, room: number, privileges: number): string;
}
const { Api } = createRequire(import.meta.url)('tls-sig-api-v2') as {
  readonly Api: new (sdkAppId: number, key: string) => SigApi;
};

test('examples/third-party runs against the server, and its message reaches a webhook', async () => {
  await using receiver = await startReceiver();
  await using server = new ServerProcess(receiver.url);
  await server.start();
  const { stdout } = await run(process.execPath, [EXAMPLE, server.url, String(APP), KEY]);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    answers.map(({ operation, ErrorCode }) => [operation, ErrorCode]),
    [
      'im_open_login_svc.multiaccount_import',
      'group_open_http_svc.create_group',
      'group_open_http_svc.send_group_msg',
      'group_open_http_svc.group_msg_get_simple',
      'group_open_http_svc.get_group_member_info',
      'group_open_http_svc.destroy_group',
    ].map((operation) => [operation, 0]),
  );
  const [webhook] = await receiver.waitFor(1);
  const { GroupId, MsgSeq } = JSON.parse(webhook?.body ?? '') as Record<string, unknown>;
  assert.deepEqual([GroupId, MsgSeq], [answers[1]?.GroupId, answers[2]?.MsgSeq]);
});

test("UserSigs of Tencent's own package are taken, with and without user data, and only for whom they were made", async () => {
  await using server = new ServerProcess('http://127.0.0.1:9/');
  await server.start();
  const codeOf = async (identifier: string, usersig: string): Promise<unknown> => {
    const query = new URLSearchParams({
      sdkappid: String(APP),
      identifier,
      usersig,
      random: '1',
      contenttype: 'json',
    });
    const response = await fetch(`${server.url}/v4/ConfigSvc/GetIPList?${query}`, {
      method: 'POST',
      body: '{}',
    });
    return ((await response.json()) as { readonly ErrorCode: unknown }).ErrorCode;
  };
  const sigs = new Api(APP, KEY);
  assert.equal(await codeOf('administrator', sigs.genUserSig('administrator', 60)), 0);
  assert.equal(await codeOf('administrator', sigs.genPrivateMapKey('administrator', 60, 1, 255)), 0);
  assert.equal(await codeOf('administrator', sigs.genUserSig('somebody', 60)), 70013);
  assert.equal(await codeOf('administrator', sigs.genUserSig('administrator', 0)), 70001);
  assert.equal(await codeOf('administrator', new Api(APP + 1, KEY).genUserSig('administrator', 60)), 70014);
  assert.equal(await codeOf('administrator', new Api(APP, 'guessed').genUserSig('administrator', 60)), 70009);
});
