import type { AdminToken } from '../domain/admin-role.ts';
import type { CertificateFiles, ServerTls } from '../domain/certificate-files.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { WebhookProxy } from '../domain/proxy.ts';
import type { MessageRetention } from '../domain/retention.ts';
import type { Rules } from '../domain/rules.ts';

/** The configuration, complete: every default filled in, every value checked, frozen. design "Configuration". */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM texts, read from the files that the configuration names. */
  readonly tls?: ServerTls;
  /** Where all of it that was read from PEM files can be read again. */
  readonly certificateFiles: CertificateFiles;
  /** CIDRs whose `X-Forwarded-For` gives the client's address. */
  readonly trustedProxies: readonly string[];
  readonly store: StoreConfig;
  /** 32 bytes each, in base64: the first one encrypts, all decrypt. Empty: endpoints are stored as plain text. */
  readonly secretsKeys: readonly string[];
  /** Ways out that endpoints may name. */
  readonly proxies: readonly WebhookProxy[];
  readonly admin: { readonly tokens: readonly AdminToken[] };
  readonly limits: {
    /** Per app and command; 0 = none. */
    readonly requestsPerSecond: number;
    /** Bytes of one request body. */
    readonly bodyBytes: number;
  };
  readonly rules: Rules;
  /** In ms, 0 = for ever; `apps`: those with times of their own. */
  readonly retention: MessageRetention & { readonly replayMs: number };
  readonly cluster: ClusterConfig;
  /** `concurrency`: webhook requests in flight, all endpoints together. */
  readonly delivery: { readonly concurrency: number };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' };
  /** Absent: off. `url` is where spans are posted to, with these headers. */
  readonly tracing?: {
    readonly url: string;
    readonly sampleRatio: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly apps: readonly AppConfig[];
}

/** Where the state lives. A URL may hold a password: it is shown by `databaseName` alone. */
export type StoreConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** This process among others on the same database. */
export interface ClusterConfig {
  readonly role: 'all' | 'api' | 'dispatch';
  /** Absent: a new one at each start. */
  readonly node?: string;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly notices: boolean;
}

export type { AdminRole, AdminToken } from '../domain/admin-role.ts';

export interface AppConfig {
  readonly sdkAppId: number;
  /** The first one signs, all verify. */
  readonly secretKeys: readonly string[];
  readonly admins: readonly string[];
  readonly endpoints: readonly EndpointSettings[];
}
