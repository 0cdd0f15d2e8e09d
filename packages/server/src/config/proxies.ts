import Type from 'typebox';
import { DIRECT, proxyProblem } from '../domain/proxy.ts';
import { type Problem, Unfit } from '../domain/settings/problem.ts';
import { unique } from './unique.ts';

const PROXY_URL_EXPECTS = 'the URL of an HTTP proxy, such as http://10.0.0.5:3128';

const ProxySchema = Type.Object({
  name: Type.String({
    pattern: `^(?!${DIRECT}$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`,
    expects: `a name of 1 to 64 letters, digits, dots, hyphens or underscores, other than ${DIRECT}`,
    description: 'What endpoints call it.',
  }),
  url: Type.Decode(
    Type.String({
      quiet: true,
      expects: PROXY_URL_EXPECTS,
      description: 'Where it listens; its address may be private, since it is named here.',
    }),
    parseProxyUrl,
  ),
  username: Type.Optional(
    Type.String({
      pattern: '^[^:\\x00-\\x1f\\x7f]{1,256}$',
      expects: 'a text of 1 to 256 characters without a colon',
      description: 'For a proxy that asks for a name and a password.',
    }),
  ),
  password: Type.Optional(
    Type.String({
      pattern: '^[^\\x00-\\x1f\\x7f]{1,256}$',
      secret: true,
      expects: 'a text of 1 to 256 characters',
      description: 'Goes to the proxy as it is (Basic), hence only over a network that you trust.',
    }),
  ),
  default: Type.Boolean({ default: false, description: 'For all endpoints that name no proxy.' }),
});

export const ProxiesSchema = Type.Array(ProxySchema, {
  maxItems: 100,
  default: [],
  description:
    'Ways out for webhooks, by HTTP CONNECT. No environment variable such as `HTTPS_PROXY` is looked at. See [security](security.md).',
  rule: (list: unknown) => [
    ...unique([['name', 'proxy name']])(list),
    ...oneDefault(list as readonly Named[]),
  ],
});

/** Every endpoint of the file goes by a proxy that is there. */
export function endpointsHaveProxies(config: unknown): readonly Problem[] {
  const { proxies, apps } = config as {
    readonly proxies?: readonly Named[];
    readonly apps?: readonly (
      | { readonly endpoints?: readonly ({ readonly proxy?: string } | undefined)[] }
      | undefined
    )[];
  };
  const names = (proxies ?? []).flatMap((proxy) => proxy?.name ?? []);
  return (apps ?? []).flatMap((app, i) =>
    (app?.endpoints ?? []).flatMap((endpoint, j) => {
      const message = proxyProblem(endpoint?.proxy, names);
      return message === undefined ? [] : [{ path: ['apps', i, 'endpoints', j, 'proxy'], message }];
    }),
  );
}

type Named = { readonly name?: string; readonly default?: boolean } | undefined;

function oneDefault(proxies: readonly Named[]): readonly Problem[] {
  const marked = proxies.flatMap((proxy, index) => (proxy?.default === true ? [index] : []));
  return marked.slice(1).map((index) => ({
    path: [index, 'default'],
    message: `is true for entry [${marked[0]}] already; only one proxy can be the default`,
  }));
}

function parseProxyUrl(written: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(written);
  if (
    url === null ||
    url.protocol !== 'http:' ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new Unfit(`must be ${PROXY_URL_EXPECTS}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Unfit('must not carry a user name or password; write them under username and password');
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 80 };
}
