import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyConfig } from '../../src/apply-config.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfig } from '../../src/config/load.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import { ManualClock } from '../support/manual-clock.ts';

test('an endpoint of the file keeps the start that it was made with, and another is warned of', async () => {
  const store = openMemoryStore();
  const clock = new ManualClock();
  const lines: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  const apply = async (start?: unknown): Promise<unknown> => {
    lines.length = 0;
    const endpoint = { name: 'a', url: 'https://x', events: 'all', ...(start !== undefined && { start }) };
    const apps = [{ sdkAppId: 1, secretKeys: ['long-enough'], endpoints: [endpoint] }];
    const config = loadConfig({ text: JSON.stringify({ apps }), env: {} });
    await applyConfig({ store, config, clock, logger });
    const [made] = await store.endpoints();
    return made?.settings.start;
  };
  assert.deepEqual(await apply('beginning'), { at: 'beginning' });
  assert.deepEqual([await apply('beginning'), lines], [{ at: 'beginning' }, []]);
  assert.deepEqual([await apply(), lines], [{ at: 'beginning' }, []], 'no start says nothing');
  assert.deepEqual(await apply({ sequence: 5 }), { at: 'beginning' });
  const [warned] = lines.map((line) => JSON.parse(line));
  assert.deepEqual([warned.app, warned.endpoint, warned.start], [1, 'a', 'beginning']);
  assert.match(warned.msg, /start of an endpoint has changed, without effect/);
  await store.close();
});
