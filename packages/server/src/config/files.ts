import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isPem } from '../domain/settings/client-tls-schema.ts';
import { Unfit } from '../domain/settings/problem.ts';

/** A configuration with a thousand endpoints has a tenth of this. */
const MAX_BYTES = 1_048_576;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  EACCES: 'may not be read by this user; check its permissions',
  EPERM: 'may not be read by this user; check its permissions',
  EISDIR: 'is a directory; name a file',
  ENOTDIR: 'does not exist: a part of its path is not a directory',
};

/** The text of a small file, or why it cannot be had: a clause that follows the name of the file. */
export function readTextFile(path: string): { readonly text: string } | { readonly why: string } {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile())
        return { why: stat.isDirectory() ? 'is a directory; name a file' : 'is not a regular file' };
      if (stat.size > MAX_BYTES) return { why: `has ${stat.size} bytes; at most ${MAX_BYTES} are read` };
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor)) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof TypeError) return { why: 'is not UTF-8 text' };
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { why: REASONS[code] ?? `cannot be read (${code})` };
  }
}

/** PEM text as it is, and that of the file when it is none. Throws `Unfit`. */
export function readPemOrFile(written: string): string {
  return isPem(written) ? written : readPem(written);
}

/** The text of a PEM file. Throws `Unfit`. */
export function readPem(path: string): string {
  const read = readTextFile(path);
  if ('why' in read) throw new Unfit(`names the file ${path}, which ${read.why}`);
  if (!isPem(read.text)) throw new Unfit(`names the file ${path}, which is not a PEM file`);
  return read.text;
}
