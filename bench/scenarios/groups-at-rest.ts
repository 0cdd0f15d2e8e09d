import { setTimeout as sleep } from 'node:timers/promises';
import { writeConfig } from '../processes/confab-config.ts';
import { type ConfabServer, startConfab } from '../processes/confab-server.ts';
import { fillGroups } from '../processes/fill.ts';
import { timeline } from '../report/plot.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { memoryWhile } from './memory-probe.ts';

/** What was collected late shows only after a while. */
const REST_MS = 20_000;
/** Every so manieth group is looked at: more than the store remembers at a time. */
const LOOK_AT_EACH = 10;
const GROUPS_PER_CALL = 50;

/**
 * `--backlog` groups with one message each, and nothing to deliver: memory of a server that has just started over them, and of the same
 * one at rest again after sends at full load and a look at a tenth of the groups.
 */
export async function groupsAtRest(bench: Bench): Promise<ScenarioResult> {
  const { backlog: total, seconds } = bench.options;
  const count = total.toLocaleString('en-US');
  const folder = bench.newFolder();
  bench.progress(`${count} groups with a message each, straight into the store`);
  await fillGroups(writeConfig(folder, []), total);
  await using server = await startConfab({ folder, endpoints: [] });
  bench.progress('at rest after the start');
  const started = await memoryWhile(server, sleep(REST_MS));
  await server.createGroups();
  bench.progress('sends at full load');
  const sending = await memoryWhile(server, server.load({ seconds, firstRandom: total + 1 }));
  bench.progress('a tenth of the groups, one after the other');
  const looking = await memoryWhile(server, lookAtGroups(server, total));
  bench.progress('at rest again');
  const rested = await memoryWhile(server, sleep(REST_MS));
  const memory = [...started, ...sending, ...looking, ...rested];
  const highest = Math.max(...memory);
  const resting = (samples: readonly number[]) => [samples.at(-1) ?? 0];
  return {
    figures: [
      { name: `start to ready, ${count} groups at rest`, unit: 's', samples: [server.startMs / 1000] },
      {
        name: `resident memory, ${count} groups at rest`,
        unit: 'MB',
        samples: resting(started),
        reach: '≤ 300 MB',
      },
      {
        name: 'the same after sends and a look at a tenth of them',
        unit: 'MB',
        samples: resting(rested),
        reach: '≤ 300 MB',
      },
      { name: 'the most meanwhile', unit: 'MB', samples: [highest] },
    ],
    plot: [`resident memory, from 0 to ${highest.toFixed(0)} MB`, timeline(memory, highest), ''],
    raw: { startMs: server.startMs, started, sending, looking, rested },
  };
}

async function lookAtGroups(server: ConfabServer, total: number): Promise<void> {
  for (let from = 0; from < total; from += GROUPS_PER_CALL * LOOK_AT_EACH) {
    const GroupIdList = Array.from({ length: GROUPS_PER_CALL }, (_, n) => `m${from + n * LOOK_AT_EACH}`);
    await server.call('group_open_http_svc/get_group_info', { GroupIdList });
  }
}
