import { applyConfig } from './apply-config.ts';
import { awake } from './base/awake.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { keepHeapSmall } from './base/heap-growth.ts';
import { randomIds } from './base/ids.ts';
import { createLogger, type Logger } from './base/logger.ts';
import { createMetrics, type Metrics } from './base/metrics.ts';
import { systemRandom } from './base/random.ts';
import type { Tracing } from './base/tracing.ts';
import { ClusterNode } from './cluster-node.ts';
import type { Config } from './config/config.ts';
import { hasSecrets } from './domain/settings/show-endpoint.ts';
import { openStore } from './open-store.ts';
import { adminHandlers } from './rest/admin/handlers.ts';
import type { DeliveryState } from './rest/admin/route.ts';
import { COMMANDS } from './rest/commands.ts';
import { healthHandlers } from './rest/health.ts';
import { openApiHandlers } from './rest/openapi/handlers.ts';
import { restHandlers } from './rest/routes.ts';
import { createRestServer } from './rest/server.ts';
import { watchCertificates } from './service/certificates.ts';
import { storeGauges } from './service/gauges.ts';
import { LagSurvey } from './service/lag.ts';
import { startMaintenance } from './service/maintenance.ts';
import { failureFields } from './service/store-away.ts';
import type { Store } from './store/store.ts';
import { VERSION } from './version.ts';
import { BeforeWebhooks } from './webhook/before.ts';
import { reportBefore } from './webhook/before-report.ts';
import { Dispatcher } from './webhook/dispatcher.ts';
import { foreseenTrouble } from './webhook/foreseen.ts';
import { endpointGauges } from './webhook/gauges.ts';
import { reportDeliveries } from './webhook/report.ts';

export interface StartOptions {
  readonly config: Config;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Another script for the store's thread; the bench puts a slower disk into it. */
  readonly storeScript?: URL;
  /** Told when the server cannot go on: its store died, or another process took it over. */
  onFatal?(error: Error): void;
}

export interface RunningServer {
  readonly url: string;
  /** Ends in order: no new requests, then deliveries in flight, then the store. Resolves when everything is written down. */
  stop(): Promise<void>;
  /** The crash path: drops what is under way. What was acknowledged is safe; what was being delivered comes again. */
  abort(): Promise<void>;
}

/** Requests that run get this long to end. */
const STOP_BUDGET_MS = 10_000;

/** Builds the parts and wires their ports. Parts stop in the reverse order of their start. */
export function startServer(options: StartOptions): Promise<RunningServer> {
  return awake(start(options));
}

async function start(options: StartOptions): Promise<RunningServer> {
  const { config, clock = systemClock() } = options;
  keepHeapSmall();
  const logger = options.logger ?? createLogger({ level: config.log.level });
  const onFatal = (error: Error) => {
    logger.fatal({ err: error }, 'the server cannot go on');
    options.onFatal?.(error);
  };
  let metrics: Metrics | undefined;
  const store = await openStore({
    config,
    clock,
    onCommit: (commands, durationMs) => metrics?.committed(commands, durationMs / 1000),
    onDeath: onFatal,
    ...(options.storeScript === undefined ? {} : { script: options.storeScript }),
  });
  const lag = new LagSurvey(store, clock);
  const tracing = await openTracing(config, clock, logger);
  let node: ClusterNode | undefined;
  // Every node would find the same.
  const survey = {
    lag: () => (node?.keeper.hasChores === false ? Promise.resolve([]) : lag.lag()),
  };
  metrics = createMetrics({ version: VERSION, storeStats: () => storeGauges(store, survey, clock) });
  try {
    node = await ClusterNode.join({ store, config: config.cluster, clock, logger, onFatal });
    return await startParts({ config, clock, logger, metrics, store, node, lag, tracing, onFatal });
  } catch (error) {
    await node?.leave();
    await tracing?.stop();
    await store.close();
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly store: Store;
  /** Absent where the store has one process. */
  readonly node: ClusterNode | undefined;
  readonly lag: LagSurvey;
  readonly tracing: Tracing | undefined;
  onFatal(error: Error): void;
}

async function startParts({
  config,
  clock,
  logger,
  metrics,
  store,
  node,
  lag,
  tracing,
  onFatal,
}: Parts): Promise<RunningServer> {
  await applyConfig({ store, config, clock, logger });
  await warnOfEndpoints(store, logger, clock, config.proxies);
  if (config.secretsKeys.length === 0) await warnOfPlainSecrets(store, logger);
  const traced = tracing === undefined ? {} : { tracing };
  const leased = node?.lanes ?? {};
  const observer = reportDeliveries(logger, metrics);
  const dispatcher =
    config.cluster.role === 'api'
      ? undefined
      : new Dispatcher({
          ...traced,
          ...leased,
          store,
          clock,
          random: systemRandom(),
          concurrency: config.delivery.concurrency,
          proxies: config.proxies,
          observer,
          onFenced: () => onFatal(new Error('another Confab process has taken over the store')),
        });
  const { apps, admin, limits, listen, tls, trustedProxies } = config;
  const beforeWebhook = new BeforeWebhooks({
    ...traced,
    store,
    clock,
    rules: config.rules,
    proxies: config.proxies,
    observer: reportBefore(logger, metrics),
    fileOrder: new Map(apps.map(({ sdkAppId, endpoints }) => [sdkAppId, endpoints.map(({ name }) => name)])),
  });
  const startedAt = clock.now();
  const ids = randomIds();
  let stopping = false;
  const ready = async () => {
    if (stopping) throw new Error('the server is stopping');
    await store.ping();
  };
  const showEndpoints = endpointGauges(metrics);
  const render = () => {
    showEndpoints(dispatcher?.states() ?? []);
    metrics.checkpointAge((dispatcher?.checkpointAge ?? 0) / 1000);
    if (node !== undefined) metrics.node(node.state.held, node.state.nodes);
    return metrics.render();
  };
  const reload = (...parts: readonly ({ reload(): Promise<void> } | undefined)[]) => {
    for (const part of parts)
      part?.reload().catch((error) => {
        logger.error(
          failureFields(error),
          'the endpoints could not be read; they stay as they were until the next change or poll',
        );
      });
  };
  const changed = () => reload(beforeWebhook, dispatcher);
  const rest = createRestServer({
    handlers: [
      ...(config.cluster.role === 'dispatch'
        ? []
        : restHandlers({
            store,
            clock,
            ids,
            beforeWebhook,
            retention: config.retention,
            apps,
            requestsPerSecond: limits.requestsPerSecond,
            logger,
            ...traced,
          })),
      ...adminHandlers({
        store,
        clock,
        tokens: admin.tokens,
        proxies: config.proxies.map(({ name }) => name),
        apps,
        version: VERSION,
        startedAt,
        beforeStates: () => beforeWebhook.states(),
        deliveryStates: () => deliveryStates(dispatcher),
        liveDelivery: (endpointId, streamId, seq) => dispatcher?.live(endpointId, streamId, seq),
        pipelineChanged() {
          changed();
          node?.changed();
        },
        node: () => node?.state,
        lag: () => lag.lag(),
      }),
      ...openApiHandlers(COMMANDS, VERSION),
      ...healthHandlers({ clock, ready, node: () => node?.state, metrics: { ...metrics, render } }),
    ],
    config: { listen, trustedProxies, bodyBytes: limits.bodyBytes, ...(tls === undefined ? {} : { tls }) },
    logger,
    clock,
    ids,
    onReply: (command, code, seconds, log) => {
      metrics.requestDone(command, code, seconds);
      if (log.dropped !== undefined) metrics.messageDropped(Number(log.app));
    },
  });
  await beforeWebhook.reload();
  const port = await rest.start();
  try {
    await dispatcher?.start();
    await node?.start({
      ...(dispatcher !== undefined && { dispatcher }),
      endpointsChanged: changed,
      lookAtEndpoints: () => reload(beforeWebhook),
    });
  } catch (error) {
    await Promise.all([rest.abort(), beforeWebhook.close(), dispatcher?.abort()]);
    throw error;
  }
  const maintenance = startMaintenance(
    { store, clock, hasChores: () => node?.keeper.hasChores !== false },
    config.retention,
    (error) => logger.error(failureFields(error), 'trimming failed'),
  );
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  logger.info({ url, version: VERSION }, 'listening');
  const certificates = watchCertificates(config.certificateFiles, {
    ...{ store, clock, logger },
    ...(tls !== undefined && { serverTls: tls }),
    replaceServerTls: (renewed) => rest.replaceTls(renewed),
    endpointsChanged: changed,
  });
  let stopped: Promise<void> | undefined;
  let aborted: Promise<void> | undefined;
  const begin = () => {
    stopping = true;
    maintenance.stop();
    certificates.stop();
  };
  return {
    url,
    stop: () => {
      begin();
      stopped ??= rest
        .stop(STOP_BUDGET_MS)
        .then(() => node?.retire())
        .then(() => Promise.all([beforeWebhook.close(), dispatcher?.stop()]))
        .then(() => node?.leave())
        .then(() => Promise.all([tracing?.stop(), store.close()]))
        .then(() => {});
      return awake(stopped);
    },
    abort: () => {
      begin();
      node?.abort();
      aborted ??= Promise.all([rest.abort(), beforeWebhook.close(), dispatcher?.abort()])
        .then(() => Promise.all([tracing?.stop(), store.close()]))
        .then(() => {});
      return aborted;
    },
  };
}

/** Says which endpoints will get nothing as they are set; their events wait. */
async function warnOfEndpoints(
  store: Store,
  logger: Logger,
  clock: Clock,
  proxies: Config['proxies'],
): Promise<void> {
  for (const { app, settings } of await store.endpoints()) {
    for (const why of foreseenTrouble(settings, clock.now(), proxies)) {
      logger.warn({ app, endpoint: settings.name, why }, 'no webhook will reach this endpoint');
    }
  }
}

async function warnOfPlainSecrets(store: Store, logger: Logger): Promise<void> {
  const holding = (await store.endpoints()).filter(({ settings }) => hasSecrets(settings));
  if (holding.length === 0) return;
  logger.warn(
    { endpoints: holding.length },
    'the secrets of endpoints are stored as plain text; set secretsKey to encrypt them',
  );
}

/** The SDK of OpenTelemetry is loaded only when it is asked for. */
async function openTracing(config: Config, clock: Clock, logger: Logger): Promise<Tracing | undefined> {
  if (config.tracing === undefined) return undefined;
  const { openOtlpTracing } = await import('./base/otlp-tracing.ts');
  return openOtlpTracing({
    ...config.tracing,
    version: VERSION,
    onError: (error) => logger.warn({ err: error }, 'spans were not taken by the collector and are lost'),
    now: () => clock.monotonic(),
  });
}

function deliveryStates(dispatcher: Dispatcher | undefined): ReadonlyMap<number, DeliveryState> {
  return new Map(
    (dispatcher?.states() ?? []).map(({ endpoint, breaker, inFlight, allowed, heldForMs }) => {
      return [endpoint.id, { breaker, inFlight, allowed, heldForMs }];
    }),
  );
}
