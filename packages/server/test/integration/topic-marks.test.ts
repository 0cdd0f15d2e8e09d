import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { APP, createGroup, START } from '../conformance/commands.ts';
import { createTopic, destroyTopics, NEWS, TOWN } from '../conformance/topics.ts';

test('what a topic kept of its readers leaves the disk with it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-topic-marks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'confab.db');
  const store = openFileStore(path);
  const users = ['a', 'b'].map((userId) => ({ userId }));
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: users });
  await store.commit(
    createGroup({ groupId: TOWN, groupType: 'Community', supportTopic: true, members: users }),
  );
  await store.commit(createTopic(NEWS));
  const inTopic = { now: START, app: APP, groupId: TOWN, topicId: NEWS } as const;
  for (const { userId } of users) {
    await store.commit({ type: 'setUnread', ...inTopic, userId, unread: 0 });
  }
  const file = new DatabaseSync(path, { readOnly: true });
  const marks = () => file.prepare('SELECT count(*) AS n FROM topic_mark').get()?.n;
  assert.equal(marks(), 2);
  await store.commit({
    type: 'deleteMembers',
    now: START,
    app: APP,
    operator: 'x',
    groupId: TOWN,
    userIds: ['a'],
    silent: true,
  });
  assert.equal(marks(), 1);
  await store.commit(destroyTopics(NEWS));
  assert.equal(marks(), 0);
  file.close();
  await store.close();
});
