import { setTimeout as sleep } from 'node:timers/promises';
import { writeConfig } from '../processes/confab-config.ts';
import { type ConfabServer, startConfab } from '../processes/confab-server.ts';
import { fillStore } from '../processes/fill.ts';
import { freePort } from '../processes/free-port.ts';
import { startReceiver } from '../processes/receiver.ts';
import { timeline } from '../report/plot.ts';
import { median } from '../report/statistics.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { memoryWhile } from './memory-probe.ts';

/** Deliveries fail this long for each size of backlog: several probes of the open breaker, one every 5 s. */
const FAILING_MS = 16_000;
const QUICK_FAILING_MS = 6_000;
/** Between two messages of the backlog: a million of them came in the last hour, since when the endpoint is dead. */
const EVERY_MS = 3.6;

/** What a server was seen to do over a backlog of `messages`. Memory in megabytes, one sample every 250 ms. */
interface Size {
  readonly messages: number;
  readonly startMs: number;
  readonly failing: readonly number[];
}

interface LastSize extends Size {
  /** While more messages are sent at full load. */
  readonly loaded: readonly number[];
  /** While the endpoint is back and gets everything. */
  readonly draining: readonly number[];
  readonly drainedPerSecond: number;
  readonly outOfOrder: number;
  readonly repeated: number;
}

/**
 * A dead endpoint with a backlog of a hundredth, a tenth, and all of `--backlog`: memory while deliveries fail, and the time to
 * start. At last the endpoint comes back and the backlog drains.
 */
export async function backlog(bench: Bench): Promise<ScenarioResult> {
  const port = await freePort();
  const endpoints = [{ name: 'dead', url: `http://127.0.0.1:${port}` }];
  const folder = bench.newFolder();
  const config = writeConfig(folder, endpoints);
  const total = bench.options.backlog;
  const smaller: Size[] = [];
  const since = Date.now() - total * EVERY_MS;
  let filled = 0;
  const fillTo = async (messages: number) => {
    bench.progress(`${messages.toLocaleString('en-US')} messages, straight into the store`);
    await fillStore(config, { from: filled, to: messages, since, everyMs: EVERY_MS });
    filled = messages;
  };
  for (const messages of [total / 100, total / 10]) {
    await fillTo(messages);
    await using server = await startConfab({ folder, endpoints });
    smaller.push(await observeFailing(bench, server, messages));
    await server.stop();
  }
  await fillTo(total);
  await using server = await startConfab({ folder, endpoints });
  const failing = await observeFailing(bench, server, total);
  const last = { ...failing, ...(await loadAndDrain(bench, server, port, total)) };
  return report(smaller, last);
}

async function observeFailing(bench: Bench, server: ConfabServer, messages: number): Promise<Size> {
  bench.progress('deliveries fail');
  const failing = await memoryWhile(server, sleep(bench.options.quick ? QUICK_FAILING_MS : FAILING_MS));
  return { messages, startMs: server.startMs, failing };
}

async function loadAndDrain(
  bench: Bench,
  server: ConfabServer,
  port: number,
  backlogged: number,
): Promise<Omit<LastSize, keyof Size>> {
  bench.progress('more messages at full load');
  const { seconds } = bench.options;
  const load = server.load({ seconds, firstRandom: backlogged });
  const loaded = await memoryWhile(server, load);
  const expected = backlogged + (await load).sent;
  bench.progress('the endpoint is back');
  await using receiver = await startReceiver({ port });
  const settled = receiver.settled(expected);
  const draining = await memoryWhile(server, settled);
  const { received, firstAt, lastAt, outOfOrder, repeated } = await settled;
  const drainedPerSecond = received / ((lastAt - firstAt) / 1000);
  return { loaded, draining, drainedPerSecond, outOfOrder, repeated };
}

function report(smaller: readonly Size[], last: LastSize): ScenarioResult {
  const sizes = [...smaller, last];
  const highest = (samples: readonly number[]) => Math.max(...samples);
  const count = (messages: number) => messages.toLocaleString('en-US');
  const memory = sizes.map(({ messages, failing }) => ({
    name: `resident memory, ${count(messages)} undelivered`,
    unit: 'MB',
    samples: [highest(failing)],
    ...(messages === last.messages ? { reach: '≤ 250 MB, as with fewer' } : {}),
  }));
  const lines = [
    ...sizes.map(({ messages, failing }) => ({ label: `${count(messages)} undelivered`, samples: failing })),
    { label: 'then sends at full load', samples: last.loaded },
    { label: 'then the backlog drains', samples: last.draining },
  ];
  const top = highest(lines.flatMap(({ samples }) => samples));
  return {
    figures: [
      ...memory,
      {
        name: 'the same while sending at full load',
        unit: 'MB',
        samples: [highest(last.loaded)],
        reach: '≤ 250 MB',
      },
      { name: 'the same while it drains', unit: 'MB', samples: [highest(last.draining)] },
      {
        name: `start to ready, ${count(last.messages)} undelivered`,
        unit: 's',
        samples: [last.startMs / 1000],
        reach: '≤ 3 s',
      },
      { name: 'messages drained when the endpoint is back', unit: '/s', samples: [last.drainedPerSecond] },
      {
        name: 'of these, out of order or repeated',
        unit: '',
        samples: [last.outOfOrder + last.repeated],
        reach: '0',
      },
    ],
    plot: [
      `resident memory over time, from 0 to ${top.toFixed(0)} MB`,
      ...lines.map(({ label, samples }) => {
        const range = `median ${median(samples).toFixed(0)}, highest ${highest(samples).toFixed(0)} MB`;
        return `${label.padEnd(24)} ${timeline(samples, top)} ${range}`;
      }),
      '',
    ],
    raw: { sizes, last },
  };
}
