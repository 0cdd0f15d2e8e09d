import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LEAST_SERVER = join(import.meta.dirname, '../../shared/yardstick/least-server.mjs');

/** The yardstick's least server, copied into `folder` of this repository, where it finds its packages; undefined without a yardstick. */
export function copyLeastServer(folder: string): URL | undefined {
  if (!existsSync(LEAST_SERVER)) return undefined;
  const copy = join(folder, 'least-server.mjs');
  copyFileSync(LEAST_SERVER, copy);
  return pathToFileURL(copy);
}
