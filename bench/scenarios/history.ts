import { Connection } from '../load/connection.ts';
import { GROUPS, writeConfig } from '../processes/confab-config.ts';
import { startConfab } from '../processes/confab-server.ts';
import { fillStore } from '../processes/fill.ts';
import { percentile } from '../report/statistics.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';

const PAGE = 20;

/** Pages of 20 messages out of one group of `--backlog`, one request after the other: the newest, the oldest, and any between. */
export async function history(bench: Bench): Promise<ScenarioResult> {
  const messages = bench.options.backlog;
  const folder = bench.newFolder();
  bench.progress(`${messages.toLocaleString('en-US')} messages into one group, straight into the store`);
  const since = Date.now() - messages * 3.6;
  await fillStore(writeConfig(folder, []), { from: 0, to: messages, since, everyMs: 3.6, groups: 1 });
  await using server = await startConfab({ folder, endpoints: [] });
  const places: readonly (readonly [name: string, newest: (n: number) => number])[] = [
    ['first page', () => 0],
    // A step that meets every number once before it comes back.
    ['any page', (n) => PAGE + ((n * 611_953) % (messages - PAGE))],
    ['last page', () => PAGE],
  ];
  const raw: Record<string, readonly number[]> = {};
  const figures: Figure[] = [];
  for (const [name, newest] of places) {
    bench.progress(name);
    const times = await ask(server.commandUrl('group_msg_get_simple'), newest, bench.options.seconds);
    raw[name] = times;
    figures.push(
      { name: `history, ${name}, p50`, unit: 'ms', samples: [percentile(times, 0.5)] },
      { name: `history, ${name}, p99`, unit: 'ms', samples: [percentile(times, 0.99)], reach: '≤ 5 ms' },
    );
  }
  return { figures, plot: [], raw };
}

/** How long each request took, in ms, for so many seconds. */
async function ask(url: URL, newest: (n: number) => number, seconds: number): Promise<number[]> {
  const failed = Promise.withResolvers<never>();
  const connection = new Connection(url, failed.reject);
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const body = { GroupId: GROUPS[0], ReqMsgNumber: PAGE, ReqMsgSeq: newest(times.length) };
    const { promise, resolve } = Promise.withResolvers<string>();
    const begun = performance.now();
    connection.post(JSON.stringify(body), resolve);
    const answer = JSON.parse(await Promise.race([promise, failed.promise])) as { RspMsgList?: unknown[] };
    times.push(performance.now() - begun);
    if (answer.RspMsgList?.length !== PAGE) throw new Error(`Not a page: ${JSON.stringify(answer)}`);
  }
  connection.close();
  return times;
}
