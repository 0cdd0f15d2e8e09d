import { readFileSync } from 'node:fs';

/** The version of this package; the same path from the sources and from `dist`. */
export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
