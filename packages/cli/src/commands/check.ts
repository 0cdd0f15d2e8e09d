import type { Config, EndpointSettings } from '@confab-im/server';
import type { Command } from 'commander';
import { type ProbeResult, probeEndpoint } from '../check/probe.ts';
import { messagesPerSecond } from '../check/reach.ts';
import { CliError } from '../cli-error.ts';
import { DEFAULT_CONFIG } from '../first-start.ts';
import { readConfig } from '../server-access.ts';
import { type Column, renderTable } from '../text/table.ts';

interface Checked {
  readonly app: number;
  readonly endpoint: string;
  readonly url: string;
  readonly probe: ProbeResult;
  /** At most, for one group, if the receiver took no time. Absent when the endpoint could not be reached. */
  readonly messagesPerSecond?: number;
}

export function configure(command: Command): void {
  command
    .option('--config <file>', `the configuration (default: ${DEFAULT_CONFIG})`)
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nEach endpoint gets a few HEAD requests, which are no webhooks; any HTTP answer shows that it can be reached. Their round trip is the least that a webhook takes: what the receiver does with one comes on top.',
    )
    .action(check);
}

async function check(options: { config?: string; json?: true }): Promise<void> {
  const config = await readConfig(options.config, 'anything to check');
  const wanted = config.apps.flatMap(({ sdkAppId, endpoints }) =>
    endpoints.map((endpoint) => ({ app: sdkAppId, endpoint })),
  );
  const checked = await Promise.all(
    wanted.map(({ app, endpoint }) => checkEndpoint(app, endpoint, config.proxies)),
  );
  const file = options.config ?? DEFAULT_CONFIG;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ configuration: file, apps: config.apps.length, endpoints: checked })}\n`
      : `${file} is valid: ${config.apps.length} app(s), ${checked.length} endpoint(s).\n\n${renderTable(COLUMNS, checked, 'There are no endpoints to try.')}${checked.some(({ probe }) => probe.ok) ? WHAT_IT_MEASURES : ''}`,
  );
  const unreachable = checked.filter(({ probe }) => !probe.ok).map(({ endpoint }) => endpoint);
  if (unreachable.length > 0) {
    throw new CliError(
      `No webhook would reach: ${unreachable.join(', ')}. Their events would wait and be retried.`,
    );
  }
}

async function checkEndpoint(
  app: number,
  settings: EndpointSettings,
  proxies: Config['proxies'],
): Promise<Checked> {
  const probe = await probeEndpoint(settings, proxies);
  return {
    app,
    endpoint: settings.name,
    url: settings.url,
    probe,
    ...(probe.ok && { messagesPerSecond: messagesPerSecond(settings, probe.roundTripMs) }),
  };
}

const WHAT_IT_MEASURES = `
The round trip is that of a HEAD request, which no receiver works on. What it does with a webhook comes on top: a group in order
gets one message per round trip and work. confab_webhook_attempt_duration_seconds has both, once there is traffic.
`;

const COLUMNS: readonly Column<Checked>[] = [
  { title: 'app', cell: ({ app }) => app },
  { title: 'endpoint', cell: ({ endpoint }) => endpoint },
  { title: 'url', cell: ({ url }) => url },
  { title: 'HEAD', cell: ({ probe }) => (probe.ok ? `HTTP ${probe.status}` : probe.why) },
  { title: 'round trip', cell: ({ probe }) => (probe.ok ? `${probe.roundTripMs.toFixed(1)} ms` : '-') },
  {
    title: 'one group, at most',
    cell: (row) => (row.messagesPerSecond === undefined ? '-' : `${row.messagesPerSecond} messages/s`),
  },
];
