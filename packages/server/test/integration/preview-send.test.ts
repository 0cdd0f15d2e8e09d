import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { messageDigest } from '../../src/domain/message-digest.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { SendMessage } from '../../src/store/commands.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import { openWorkerStore } from '../../src/store/sqlite/worker-store.ts';
import type { Store } from '../../src/store/store.ts';

const APP = 1400000001;
const NOW = 1_767_225_600_000;
const BODY = '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]';
const MASKED = '[{"MsgContent":{"Text":"h***o"},"MsgType":"TIMTextElem"}]';

function sendOf(fields: Partial<SendMessage> = {}): SendMessage {
  return {
    type: 'sendMessage',
    now: NOW,
    app: APP,
    groupId: 'g',
    sender: 'ann',
    operator: 'root',
    senderIsAdmin: false,
    random: 7,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson: BODY,
    noUnread: false,
    noLastMsg: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
    clientIp: '192.0.2.1',
    platform: 'RESTAPI',
    operationId: 'op',
    ...fields,
  };
}

async function fill(store: Store): Promise<Store> {
  const base = { now: NOW, app: APP, operator: 'root' };
  const ann = { userId: 'ann', nick: 'Ann', faceUrl: 'https://h/a.png' };
  await store.commit({ ...base, type: 'importAccounts', accounts: [ann, { userId: 'bob' }] });
  const group = {
    groupId: 'g',
    groupType: 'Public',
    name: 'n',
    owner: 'ann',
    idSeed: 'UNUSEDSEED00',
  } as const;
  await store.commit({ ...base, ...group, type: 'createGroup', members: [{ userId: 'bob' }] });
  return store;
}

/** The two ways to the same core: in this thread, and over the worker's JSON. */
const STORES: Readonly<Record<string, (folder: string) => Promise<Store>>> = {
  memory: async () => openMemoryStore({ rules: { ...DEFAULT_RULES, groupMessagesPerSecond: 1 } }),
  worker: (folder) =>
    openWorkerStore({
      path: join(folder, 'confab.db'),
      rules: { ...DEFAULT_RULES, groupMessagesPerSecond: 1 },
    }),
};

for (const [kind, open] of Object.entries(STORES)) {
  test(`${kind}: tells what would become of a send, and changes nothing`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'confab-preview-'));
    const store = await fill(await open(folder));
    t.after(() => store.close().then(() => rm(folder, { recursive: true })));
    const before = await store.groups(APP, ['g']);
    const acceptable = {
      kind: 'acceptable',
      groupType: 'Public',
      senderNickname: 'Ann',
      senderFaceUrl: 'https://h/a.png',
    };
    assert.deepEqual(await store.previewSend(sendOf()), acceptable);
    assert.deepEqual(await store.previewSend(sendOf()), acceptable, 'asked again, it is no repetition');
    assert.deepEqual(await store.groups(APP, ['g']), before);
    const sent = await store.commit(sendOf());
    assert.deepEqual(await store.previewSend(sendOf()), {
      kind: 'duplicate',
      msgSeq: 1,
      msgTime: NOW / 1000,
    });
    assert.equal(sent.kind === 'sent' && sent.msgSeq, 1);
    const next = await store.previewSend(sendOf({ random: 8 }));
    assert.equal(next.kind, 'acceptable', 'the frequency cap counts what is sent, not what is asked');
  });
}

test('refuses as the commit would, by the same rules', async () => {
  const store = await fill(openMemoryStore());
  const mute = { now: NOW, app: APP, operator: 'root', groupId: 'g', userIds: ['bob'], seconds: 60 };
  await store.commit({ ...mute, type: 'muteMembers' });
  const refused: readonly Partial<SendMessage>[] = [
    { groupId: 'nope' },
    { app: APP + 1 },
    { sender: 'ghost' },
    { sender: 'bob' },
    { topicId: 't' },
    { to: ['ghost'] },
    { msgBodyJson: `["${'x'.repeat(12_000)}"]` },
  ];
  for (const fields of refused) {
    const preview = await store.previewSend(sendOf(fields));
    assert.equal(preview.kind, 'refused', JSON.stringify(fields).slice(0, 80));
    assert.deepEqual(preview, await store.commit(sendOf(fields)));
  }
  const later = await store.previewSend(sendOf({ sender: 'bob', now: NOW + 60_000 }));
  assert.equal(later.kind, 'acceptable', 'the mute is over');
  await store.close();
});

test('a rewritten message is recognised by what its sender wrote, also after the index was lost', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'confab-preview-'));
  const open = () => openWorkerStore({ path: join(folder, 'confab.db'), rules: DEFAULT_RULES });
  let store = await fill(await open());
  t.after(() => store.close().then(() => rm(folder, { recursive: true })));
  const sentDigest = messageDigest('ann', BODY, null);
  const rewritten = sendOf({ msgBodyJson: MASKED, cloudCustomData: 'checked', sentDigest });
  const duplicate = { kind: 'duplicate', msgSeq: 1, msgTime: NOW / 1000 };
  assert.equal((await store.commit(rewritten)).kind, 'sent');
  const online = sendOf({ ...rewritten, random: 9, onlineOnly: true });
  assert.equal((await store.commit(online)).kind, 'sent');
  for (const when of ['at once', 'after a restart']) {
    assert.deepEqual(await store.previewSend(sendOf()), duplicate, when);
    const otherwise = sendOf({ msgBodyJson: '["another rewrite"]', sentDigest });
    assert.deepEqual(await store.commit(otherwise), duplicate, when);
    assert.equal((await store.previewSend(sendOf({ msgBodyJson: MASKED }))).kind, 'acceptable', when);
    const again = await store.previewSend(sendOf({ random: 9, onlineOnly: true }));
    assert.equal(again.kind, 'duplicate', `online-only, ${when}`);
    await store.close();
    store = await open();
  }
});
