import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad, webhookOf } from '../support/kill-under-load.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

test('kill -9 under load loses nothing that was acknowledged and reorders nothing', async () => {
  const receiver = await startReceiver();
  const server = new ServerProcess(receiver.url);
  try {
    await server.start();
    const restart = async () => {
      await server.kill();
      await server.start();
    };
    await killUnderLoad(server, receiver, [restart, restart, restart, restart]);
  } finally {
    await server.dispose();
    await receiver.close();
  }
});

test('an orderly stop finishes what is under way, and a second start repeats nothing', async () => {
  const receiver = await startReceiver();
  const server = new ServerProcess(receiver.url);
  try {
    await server.start();
    await server.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId: 'g' });
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }];
    const sends = Array.from({ length: 20 }, (_, index) =>
      server.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random: index + 1, MsgBody }),
    );
    await Promise.all(sends);
    await receiver.waitFor(5);
    assert.equal(await server.stop(), 0);
    await server.start();
    await receiver.waitFor(20);
    await server.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random: 21, MsgBody });
    await receiver.waitFor(21);
    const seqs = receiver.requests.map(({ body }) => webhookOf(body).MsgSeq);
    assert.deepEqual(
      seqs,
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  } finally {
    await server.dispose();
    await receiver.close();
  }
});
