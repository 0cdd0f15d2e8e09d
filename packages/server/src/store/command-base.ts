export interface Base {
  readonly now: number;
}

export interface InApp extends Base {
  readonly app: number;
  /** Goes with the events of the command; absent: the server itself does it. */
  readonly from?: CommandSource;
}

/** The request that a command comes from. */
export interface CommandSource {
  readonly clientIp: string;
  /** `OptPlatform` of the Tencent dialect. */
  readonly platform: string;
  readonly operationId: string;
  /** The span of the request, as a W3C traceparent: deliveries go on from it. Only while tracing is on. */
  readonly traceparent?: string;
}

export interface Done {
  readonly kind: 'done';
}
