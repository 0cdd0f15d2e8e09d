import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ArchiveHour } from '../domain/archive.ts';

export const ARCHIVE_PREFIX = '/archive/';

/** Before the first message of a file: messages of this stream up to this number are in earlier ones. */
export interface ArchivePlace {
  readonly streamId: number;
  readonly msgSeq: number;
}

/** What an address of a history file says. */
export interface ArchiveAddress {
  readonly hour: Pick<ArchiveHour, 'app' | 'name'>;
  readonly from: ArchivePlace;
  /** Unix seconds. */
  readonly expires: number;
}

/** Path and query. Nobody without a key of the app can make one, and nothing in it can be changed. */
export function signArchiveAddress(address: ArchiveAddress, key: string): string {
  const { hour, from, expires } = address;
  const signature = signatureOf(address, key).toString('base64url');
  const query = new URLSearchParams({
    from: `${from.streamId}-${from.msgSeq}`,
    expires: String(expires),
    signature,
  });
  return `${ARCHIVE_PREFIX}${hour.app}/${hour.name}.gz?${query}`;
}

/** Undefined when it is no address, or was not signed with one of the keys of its app. */
export function readArchiveAddress(
  path: string,
  query: URLSearchParams,
  keysOf: (app: number) => readonly string[],
): ArchiveAddress | undefined {
  const [, app = '', name = ''] = /^\/archive\/(\d{1,10})\/(\d{10})\.gz$/.exec(path) ?? [];
  const [, streamId = '', msgSeq = ''] = /^(\d{1,15})-(\d{1,15})$/.exec(query.get('from') ?? '') ?? [];
  const [expires = ''] = /^\d{1,12}$/.exec(query.get('expires') ?? '') ?? [];
  if (app === '' || streamId === '' || expires === '') return undefined;
  const address = {
    hour: { app: Number(app), name },
    from: { streamId: Number(streamId), msgSeq: Number(msgSeq) },
    expires: Number(expires),
  };
  const given = Buffer.from(query.get('signature') ?? '', 'base64url');
  const fits = keysOf(address.hour.app).some((key) => {
    const wanted = signatureOf(address, key);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
  return fits ? address : undefined;
}

function signatureOf({ hour, from, expires }: ArchiveAddress, key: string): Buffer {
  const parts = ['confab history file', hour.app, hour.name, from.streamId, from.msgSeq, expires];
  return createHmac('sha256', key).update(parts.join('\n')).digest();
}
