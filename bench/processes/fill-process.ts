/**
 * Puts messages straight into a store: `fill-process.ts CONFIG FROM TO SINCE EVERY-MS`. Makes the groups when FROM is 0; the message
 * with number i has `Random` i and was sent i times EVERY-MS after SINCE (unix ms). What a server would have accepted and not
 * delivered, in a process that is gone before the server starts.
 */
import { canonicalJson } from '@confab-im/protocol';
import { loadConfig } from '@confab-im/server';
import type { SendMessage } from '../../packages/server/src/store/commands.ts';
import { openCore } from '../../packages/server/src/store/sqlite/open.ts';
import { CLOUD_CUSTOM_DATA, TEXT } from '../load/message.ts';
import { ADMIN, APP, GROUPS, SENDER } from './confab-config.ts';

const BATCH = 500;
const [file = '', ...numbers] = process.argv.slice(2);
const [from = 0, to = 0, since = 0, everyMs = 0] = numbers.map(Number);
const config = loadConfig({ file, env: {} });
const opened = openCore(config.store.path, config.rules);
const msgBodyJson = canonicalJson([{ MsgType: 'TIMTextElem', MsgContent: { Text: TEXT } }]);

function createGroups(now: number): void {
  const endpoints = config.apps[0]?.endpoints ?? [];
  opened.core.commit([
    { type: 'importAccounts', app: APP, now, accounts: [{ userId: SENDER }, { userId: ADMIN }] },
    { type: 'syncEndpoints', app: APP, now, endpoints },
    ...GROUPS.map((groupId) => ({
      type: 'createGroup' as const,
      app: APP,
      now,
      operator: ADMIN,
      groupType: 'Public' as const,
      name: groupId,
      owner: SENDER,
      groupId,
      idSeed: 'UNUSED',
    })),
  ]);
}

function message(random: number, now: number): SendMessage {
  return {
    type: 'sendMessage',
    app: APP,
    now,
    groupId: GROUPS[random % GROUPS.length] ?? '',
    sender: SENDER,
    operator: ADMIN,
    senderIsAdmin: false,
    random,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson,
    cloudCustomData: CLOUD_CUSTOM_DATA,
    noUnread: false,
    noLastMsg: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
    clientIp: '127.0.0.1',
    platform: 'RESTAPI',
    operationId: '00000000-0000-4000-8000-000000000000',
  };
}

if (from === 0) createGroups(since);
for (let next = from; next < to; next += BATCH) {
  const now = Math.floor(since + next * everyMs);
  const count = Math.min(BATCH, to - next);
  const { outcomes } = opened.core.commit(
    Array.from({ length: count }, (_, index) => message(next + index, now)),
  );
  const refused = outcomes.find(({ kind }) => kind !== 'sent');
  if (refused !== undefined) throw new Error(`A message was not taken: ${JSON.stringify(refused)}`);
}
opened.close();
process.send?.('filled');
