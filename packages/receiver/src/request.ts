import type { HeadersLike } from './headers.ts';

/** A request of which the body has been read. */
export interface RawRequest {
  /** Absolute, or path and query. */
  readonly url: string;
  readonly headers: HeadersLike;
  /** The body as it came. */
  readonly body: Uint8Array;
}
