import { Counter, Histogram, type Registry } from 'prom-client';
import { bounded } from './metrics-bounded.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** Both are far above what the table of routes and the table of errors hold. */
const MAX_COMMANDS = 300;
const MAX_CODES_PER_COMMAND = 100;

/** Counts answered requests by command and code; durations by command alone. */
export function requestMetrics(registry: Registry): (command: string, code: number, seconds: number) => void {
  const total = new Counter({
    name: 'confab_http_requests_total',
    help: 'HTTP requests answered, by command and code (ErrorCode of a REST command, else HTTP status).',
    labelNames: ['command', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'confab_http_request_duration_seconds',
    help: 'Time from the complete request to the answer.',
    labelNames: ['command'],
    buckets: SECONDS,
    registers: [registry],
  });
  const of = bounded<string, CommandSeries>(MAX_COMMANDS, (command) => ({
    seconds: duration.labels(command),
    code: bounded<number, Counter.Internal>(MAX_CODES_PER_COMMAND, (code) =>
      total.labels(command, String(code)),
    ),
  }));
  return (command, code, seconds) => {
    const series = of(command);
    series.code(code).inc();
    series.seconds.observe(seconds);
  };
}

interface CommandSeries {
  readonly seconds: Histogram.Internal<string>;
  code(code: number): Counter.Internal;
}
