export interface Base {
  readonly now: number;
}

export interface InApp extends Base {
  readonly app: number;
  /** Goes with the events of the command; absent: the server itself does it. */
  readonly from?: CommandSource;
}

/** In a group, or in a topic of it, which has members and roles of its community and a log and numbers of its own. */
export interface InPlace extends InApp {
  readonly groupId: string;
  readonly topicId?: string;
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
