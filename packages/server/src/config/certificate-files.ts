import { statSync } from 'node:fs';
import type { TSchema } from 'typebox';
import type { CertificateFiles, PemFiles } from '../domain/certificate-files.ts';
import { isPem } from '../domain/settings/client-tls-schema.ts';
import { type Problem, pathText } from '../domain/settings/problem.ts';
import { readSettings } from '../domain/settings/read.ts';
import { EndpointTlsSchema, TlsSchema } from './schema.ts';

/** A configuration as it is written, once it has been found to be well formed. */
interface Written {
  readonly tls?: WrittenTls;
  readonly apps?: readonly WrittenApp[];
}

interface WrittenApp {
  readonly sdkAppId: number;
  readonly endpoints?: readonly { readonly name: string; readonly tls?: WrittenTls }[];
}

type WrittenTls = Readonly<Record<string, string>>;

/** Where a configuration names PEM files, so that they can be read again while the server runs. */
export function certificateFiles(value: unknown): CertificateFiles {
  const { tls, apps = [] } = (value ?? {}) as Written;
  return {
    ...(tls !== undefined && { server: pemFiles(TlsSchema, tls, ['cert', 'key']) }),
    endpoints: apps.flatMap(({ sdkAppId, endpoints = [] }) =>
      endpoints.flatMap(({ name, tls: own = {} }) => {
        const named = ['ca', 'cert', 'key'].filter((key) => own[key] !== undefined && !isPem(own[key]));
        if (named.length === 0) return [];
        return [{ app: sdkAppId, endpoint: name, files: pemFiles(EndpointTlsSchema, own, named) }];
      }),
    ),
  };
}

function pemFiles<T>(schema: TSchema, written: WrittenTls, keys: readonly string[]): PemFiles<T> {
  return {
    state: () => keys.map((key) => stateOf(written[key] ?? '')).join(),
    read: () => {
      const read = readSettings(schema, written);
      return read.ok ? (read.value as T) : { why: read.problems.map(sentence).join('; ') };
    },
  };
}

function sentence({ path, message }: Problem): string {
  return `${pathText(['tls', ...path])} ${message}`;
}

/** Another text for another content: whoever replaces a file changes one of these, also behind a symbolic link. */
function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '-' : [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
}
