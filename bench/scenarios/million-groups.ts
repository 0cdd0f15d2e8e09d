import { writeConfig } from '../processes/confab-config.ts';
import { startConfab } from '../processes/confab-server.ts';
import { fillGroups } from '../processes/fill.ts';
import { freePort } from '../processes/free-port.ts';
import { startReceiver } from '../processes/receiver.ts';
import { timeline } from '../report/plot.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { memoryWhile } from './memory-probe.ts';

/** `--backlog` groups with one message each, all due when the server starts: how fast they drain, and in how much memory. */
export async function millionGroups(bench: Bench): Promise<ScenarioResult> {
  const total = bench.options.backlog;
  const count = total.toLocaleString('en-US');
  const port = await freePort();
  const endpoints = [{ name: 'waiting', url: `http://127.0.0.1:${port}` }];
  const folder = bench.newFolder();
  bench.progress(`${count} groups with a message each, straight into the store`);
  await fillGroups(writeConfig(folder, endpoints), total);
  bench.progress('they drain');
  await using receiver = await startReceiver({ port });
  await using server = await startConfab({ folder, endpoints });
  const settled = receiver.settled(total);
  const memory = await memoryWhile(server, settled);
  const { received, firstAt, lastAt, outOfOrder, repeated } = await settled;
  const highest = Math.max(...memory);
  return {
    figures: [
      { name: `start to ready, ${count} groups due`, unit: 's', samples: [server.startMs / 1000] },
      { name: 'drained', unit: '/s', samples: [received / ((lastAt - firstAt) / 1000)] },
      { name: 'resident memory meanwhile', unit: 'MB', samples: [highest], reach: '≤ 400 MB' },
      {
        name: 'of the messages, out of order or repeated',
        unit: '',
        samples: [outOfOrder + repeated],
        reach: '0',
      },
    ],
    plot: [`resident memory, from 0 to ${highest.toFixed(0)} MB`, timeline(memory, highest), ''],
    raw: { startMs: server.startMs, received, seconds: (lastAt - firstAt) / 1000, memory },
  };
}
