/** A way out that the configuration names, and so vouches for: its own address is not judged by the rules for webhooks. */
export interface WebhookProxy {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`; secret. */
  readonly authorization?: string;
  /** For every endpoint that names none. */
  readonly default: boolean;
}

/** What an endpoint writes to go without a proxy where there is a default one. */
export const DIRECT = 'direct';

/** How an endpoint's connections leave: never directly because its proxy is missing. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: WebhookProxy }
  | { readonly kind: 'missing'; readonly name: string };

/** `written` is the endpoint's `proxy`, absent for the default. */
export function routeOf(written: string | undefined, proxies: readonly WebhookProxy[]): Route {
  if (written === DIRECT) return { kind: 'direct' };
  const proxy = proxies.find(({ name, default: isDefault }) =>
    written === undefined ? isDefault : name === written,
  );
  if (proxy !== undefined) return { kind: 'proxy', proxy };
  return written === undefined ? { kind: 'direct' } : { kind: 'missing', name: written };
}

/** Says that an endpoint names a proxy that is not there, as a clause; undefined when all is well. */
export function proxyProblem(written: string | undefined, names: readonly string[]): string | undefined {
  if (written === undefined || written === DIRECT || names.includes(written)) return undefined;
  return `must name a proxy of the configuration (proxies) or be ${DIRECT}; there is ${names.join(', ') || 'none'}`;
}
