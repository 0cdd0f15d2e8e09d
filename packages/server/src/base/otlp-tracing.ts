import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { parseTraceparent, type TraceSpan, type Tracing } from './tracing.ts';

export interface OtlpOptions {
  /** Where spans are posted to, path and all. */
  readonly url: string;
  /** Added to each request, such as a token for the collector. Secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that begin here, 0 to 1; for the others the caller has decided. */
  readonly sampleRatio: number;
  readonly version: string;
  /** Spans were not taken, and are lost. Told at most once a minute. */
  onError(error: Error): void;
  /** Milliseconds on any clock. */
  now(): number;
}

/** Spans that wait for the collector at most, and go in one request at most; further ones are dropped. */
const QUEUE = 2_048;
const BATCH = 512;
const EVERY_MS = 1_000;
const EXPORT_MS = 5_000;
const TELL_EVERY_MS = 60_000;

const KIND = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Tracing by OTLP over HTTP. Loaded only when it is configured: it takes 60 ms and some megabytes. No global state is touched. */
export function openOtlpTracing(options: OtlpOptions): Tracing {
  const { url, headers } = options;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'confab', 'service.version': options.version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellingOfErrors(exporter, options),
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: EVERY_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('confab', options.version);
  return {
    start(name, kind, parent, at, attributes) {
      const spanOptions = { kind: KIND[kind], startTime: timeOf(at), attributes: { ...attributes } };
      return spanOf(tracer.startSpan(name, spanOptions, contextOf(parent)));
    },
    stop: () => provider.shutdown().catch(() => {}),
  };
}

function contextOf(traceparent: string | undefined) {
  const parent = parseTraceparent(traceparent);
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function spanOf(span: Span): TraceSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    end(at, attributes = {}, error) {
      span.setAttributes({ ...attributes });
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end(timeOf(at));
    },
  };
}

/** As seconds and nanoseconds: a bare number from before the start of the process would be taken for a monotonic time. */
function timeOf(ms: number): [number, number] {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}

/** The SDK drops spans that were not taken without a word. */
function tellingOfErrors(exporter: SpanExporter, { onError, now }: OtlpOptions): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && now() - toldAt >= TELL_EVERY_MS) {
          toldAt = now();
          onError(result.error);
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
