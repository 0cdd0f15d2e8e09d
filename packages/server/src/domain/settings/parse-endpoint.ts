import type { EndpointSettings } from '../endpoint.ts';
import { DIALECT_DEFAULTS } from './dialects.ts';
import { EndpointSchema, type WrittenEndpoint } from './endpoint-schema.ts';
import { eventsKnownTo } from './events.ts';
import { type Read, readSettings } from './read.ts';

/** An endpoint as one writes it (configuration file, JSON of the admin API) to its settings with every default filled in, or all problems. */
export function parseEndpoint(value: unknown): Read<EndpointSettings> {
  const read = readSettings(EndpointSchema, value);
  return read.ok ? { ok: true, value: endpointSettings(read.value) } : read;
}

/** Fills in what depends on the dialect. */
export function endpointSettings(written: WrittenEndpoint): EndpointSettings {
  const {
    revision,
    timeoutMs,
    groups,
    authToken,
    signingKeys,
    batch,
    ratePerSecond,
    tls,
    proxy,
    onFailure,
    ...rest
  } = written;
  const defaults = DIALECT_DEFAULTS[written.dialect];
  return {
    ...rest,
    events: eventsKnownTo(written.dialect, written.events),
    revision: revision ?? defaults.revision,
    timeoutMs: timeoutMs ?? defaults.timeoutMs,
    ...(groups !== undefined && { groups }),
    ...(authToken !== undefined && { authToken }),
    ...(signingKeys !== undefined && { signingKeys }),
    ...(batch !== undefined && { batch }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
    ...(onFailure !== undefined && { onFailure }),
  };
}
