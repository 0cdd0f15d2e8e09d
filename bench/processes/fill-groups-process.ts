/** Puts groups with one message each straight into a store: `fill-groups-process.ts CONFIG GROUPS`. */
import { loadConfig } from '@confab-im/server';
import { openCore } from '../../packages/server/src/store/sqlite/open.ts';
import { group, message, setUp } from './store-commands.ts';

const BATCH = 500;
const [file = '', groups = '0'] = process.argv.slice(2);
const config = loadConfig({ file, env: {} });
if (config.store.kind !== 'sqlite') throw new Error('only an SQLite file is filled directly');
const opened = openCore(config.store.path, config.rules, config.secretsKeys);
const now = Date.now();

opened.core.commit(setUp(config.apps[0]?.endpoints ?? [], now));
for (let next = 0; next < Number(groups); next += BATCH) {
  const ids = Array.from(
    { length: Math.min(BATCH, Number(groups) - next) },
    (_, index) => `m${next + index}`,
  );
  const commands = ids.flatMap((id, index) => [group(id, now), message(id, next + index + 1, now)]);
  const { outcomes } = opened.core.commit(commands);
  const refused = outcomes.find(({ kind }) => kind !== 'sent' && kind !== 'created');
  if (refused !== undefined) throw new Error(`A command was not taken: ${JSON.stringify(refused)}`);
}
opened.close();
process.send?.('filled');
