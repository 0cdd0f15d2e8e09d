import { ENDPOINT_HEADER } from './envelope.ts';

/** Request headers of the dialect besides the signature's three. */
export function standardHeaders(endpoint: string): Record<string, string> {
  return { 'content-type': 'application/json; charset=utf-8', [ENDPOINT_HEADER]: endpoint };
}
