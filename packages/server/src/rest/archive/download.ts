import type { Clock } from '../../base/clock.ts';
import { archiveHour } from '../../domain/archive.ts';
import { ARCHIVE_PREFIX, readArchiveAddress } from '../../service/archive-address.ts';
import type { Archives } from '../../service/archives.ts';
import type { HttpHandler, HttpReply } from '../http.ts';

export interface DownloadDeps {
  readonly archives: Archives;
  readonly clock: Clock;
  readonly keysOf: (app: number) => readonly string[];
}

const LOG = { command: 'archive' };

/** `GET /archive/…`: the files that `get_history` has named. The signature in the address is all that is needed, until it expires. */
export function downloadHandler({ archives, clock, keysOf }: DownloadDeps): HttpHandler {
  return {
    prefix: ARCHIVE_PREFIX,
    async handle({ method, path, query }) {
      if (method !== 'GET' && method !== 'HEAD') {
        return { ...problem(405, 'History files are read with GET.'), headers: { allow: 'GET, HEAD' } };
      }
      const address = readArchiveAddress(path, query, keysOf);
      const hour = address && archiveHour(address.hour.app, address.hour.name);
      if (address === undefined || hour === undefined) {
        return problem(403, 'The address was not made by get_history; ask for a new one.');
      }
      if (address.expires <= clock.now() / 1000) {
        return problem(410, 'The address has expired; ask get_history for a new one.');
      }
      const file = await archives.file(hour, address.from);
      if (file === undefined)
        return problem(410, 'The messages of this file are gone; ask get_history again.');
      const headers = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };
      return { status: 200, contentType: 'application/gzip', headers, body: file, log: LOG };
    },
  };
}

function problem(status: number, error: string): HttpReply {
  return { status, body: JSON.stringify({ error }), log: LOG };
}
