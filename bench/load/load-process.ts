/** Load without wrk, or at a given rate: `load-process.ts LOAD-AS-JSON`; tells its result at the end. */
import { Connection } from './connection.ts';
import { CONNECTIONS, type Load, type LoadResult } from './load.ts';
import { BODIES } from './requests.ts';

const TICK_MS = 1;
/** With a rate, answers that take long must not hold up what is due. */
const CONNECTIONS_WITH_RATE = 256;
/** After the load, answers get this long to come. */
const LAST_ANSWERS_MS = 5_000;

const {
  url,
  seconds,
  firstRandom,
  rate,
  command = 'send_group_msg',
} = JSON.parse(process.argv[2] ?? '') as Load;
const bodyOf = BODIES[command];
const connections = Array.from(
  { length: rate === undefined ? CONNECTIONS : CONNECTIONS_WITH_RATE },
  () => new Connection(new URL(url), fail),
);
const free = [...connections];
const startedAt = Date.now();
const begun = performance.now();
let started = 0;
let sent = 0;
let errors = 0;
let over = false;

/** With a rate, a message is due when its time has come, however slow the answers are. Without, as soon as a connection is free. */
function due(): number {
  return rate === undefined ? Number.POSITIVE_INFINITY : ((performance.now() - begun) / 1000) * rate;
}

function startDue(): void {
  while (!over && started < due()) {
    // In turn: the server closes a connection on which no request has come for 10 s.
    const connection = free.shift();
    if (connection === undefined) return;
    started += 1;
    connection.post(bodyOf(firstRandom + started), (body) => {
      sent += 1;
      if (!body.includes('"ActionStatus":"OK"')) errors += 1;
      free.push(connection);
      if (over) finishIfAnswered();
      else startDue();
    });
  }
}

function finishIfAnswered(): void {
  if (sent === started) finish();
}

function finish(): void {
  const result: LoadResult = { sent, errors, startedAt, seconds: (performance.now() - begun) / 1000 };
  process.send?.(result, () => process.exit(0));
}

function fail(error: Error): void {
  if (!over) throw new Error(`The load generator lost a connection: ${error.message}.`);
}

const ticks = setInterval(startDue, TICK_MS);
setTimeout(() => {
  over = true;
  clearInterval(ticks);
  finishIfAnswered();
  setTimeout(finish, LAST_ANSWERS_MS);
}, seconds * 1000);
startDue();
