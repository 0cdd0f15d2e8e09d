import type { ClientTls } from './client-tls.ts';

/** How the server speaks TLS to its callers: PEM texts. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

/** Where the configuration names PEM files, to be read again while the server runs. */
export interface CertificateFiles {
  /** Of `tls`. */
  readonly server?: PemFiles<ServerTls>;
  /** Of the endpoints that name files in their `tls`. */
  readonly endpoints: readonly {
    readonly app: number;
    readonly endpoint: string;
    readonly files: PemFiles<ClientTls>;
  }[];
}

/** Files that belong together, read anew at each call. */
export interface PemFiles<T> {
  /** Another text when one of them has changed; cheap. */
  state(): string;
  /** What they hold now, as checked as at the start, or why it cannot be used. */
  read(): T | { readonly why: string };
}
