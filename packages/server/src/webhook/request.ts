import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';

/** A webhook as it goes out, once. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const USER_AGENT = 'Confab';

/** Names in lower case, so that none is sent twice: the endpoint's own replace our name, the dialect's and ours replace theirs. */
export function createHeaders(
  settings: EndpointSettings,
): (
  event: Pick<LaneEvent, 'id' | 'replayId'>,
  dialect: Readonly<Record<string, string>>,
) => Record<string, string> {
  const extra = { 'user-agent': USER_AGENT, ...lowerCased(settings.headers) };
  return (event, dialect) => {
    const headers: Record<string, string> = { ...extra };
    for (const name in dialect) headers[name.toLowerCase()] = dialect[name] ?? '';
    headers['webhook-id'] = event.id;
    if (event.replayId !== undefined) headers['confab-replay'] = 'true';
    return headers;
  };
}

/** The request as a step of a trace; as it is while tracing is off. */
export function withTraceparent(request: WebhookRequest, traceparent: string | undefined): WebhookRequest {
  return traceparent === undefined ? request : { ...request, headers: { ...request.headers, traceparent } };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
