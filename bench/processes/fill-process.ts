/**
 * Puts messages straight into a store: `fill-process.ts CONFIG FROM TO SINCE EVERY-MS GROUPS`. Makes the groups when FROM is 0; the message
 * with number i has `Random` i and was sent i times EVERY-MS after SINCE (unix ms). What a server would have accepted and not
 * delivered, in a process that is gone before the server starts.
 */
import { loadConfig } from '@confab-im/server';
import { openCore } from '../../packages/server/src/store/sqlite/open.ts';
import { GROUPS, SENDER } from './confab-config.ts';
import { group, message, setUp } from './store-commands.ts';

const BATCH = 500;
const [file = '', ...numbers] = process.argv.slice(2);
const [from = 0, to = 0, since = 0, everyMs = 0, groups = 1] = numbers.map(Number);
const config = loadConfig({ file, env: {} });
if (config.store.kind !== 'sqlite') throw new Error('only an SQLite file is filled directly');
const opened = openCore(config.store.path, config.rules, config.secretsKeys);

if (from === 0) {
  const endpoints = config.apps[0]?.endpoints ?? [];
  opened.core.commit([...setUp(endpoints, since), ...GROUPS.map((groupId) => group(groupId, since, SENDER))]);
}
for (let next = from; next < to; next += BATCH) {
  const now = Math.floor(since + next * everyMs);
  const count = Math.min(BATCH, to - next);
  const { outcomes } = opened.core.commit(
    Array.from({ length: count }, (_, index) => {
      const random = next + index;
      return message(GROUPS[random % groups] ?? '', random, now);
    }),
  );
  const refused = outcomes.find(({ kind }) => kind !== 'sent');
  if (refused !== undefined) throw new Error(`A message was not taken: ${JSON.stringify(refused)}`);
}
opened.close();
process.send?.('filled');
