/** Values that a span carries. Never secrets, bodies or texts of users. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** One step of a trace while it runs. */
export interface TraceSpan {
  /** Names this span to whatever follows it: the header of W3C Trace Context, version 00. */
  readonly traceparent: string;
  /** `at` in unix ms; `error` in words when the step failed. */
  end(at: number, attributes?: SpanAttributes, error?: string): void;
}

/** Where traces begin and go on. Absent wherever tracing is off: then nothing of it is run. */
export interface Tracing {
  /** A step that began at `at` (unix ms); `parent` is a traceparent, and one that does not fit counts as none. */
  start(
    name: string,
    kind: 'server' | 'client',
    parent: string | undefined,
    at: number,
    attributes: SpanAttributes,
  ): TraceSpan;
  /** Hands out what is left, for 5 s at most; never rejects. */
  stop(): Promise<void>;
}

export interface ParentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` (W3C Trace Context, 3.2). Undefined for what is malformed, all zeros or of version ff: the trace then begins
 * anew. A higher version may have more fields, which are not looked at.
 */
export function parseTraceparent(header: string | undefined): ParentSpan | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
