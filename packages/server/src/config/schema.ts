import Type, { type StaticDecode } from 'typebox';
import { ADMIN_ROLES } from '../domain/admin-role.ts';
import { DEFAULT_RULES } from '../domain/rules.ts';
import { clientTlsSchema } from '../domain/settings/client-tls-schema.ts';
import { DURATION_EXPECTS, formatDuration, parseDuration } from '../domain/settings/duration.ts';
import { ENDPOINT_OPTIONS, EndpointSchema, parseHeaders } from '../domain/settings/endpoint-schema.ts';
import type { Annotations } from '../domain/settings/node.ts';
import { ClusterSchema, rolesNeedPostgres } from './cluster.ts';
import { readPem, readPemOrFile } from './files.ts';
import { endpointsHaveProxies, ProxiesSchema } from './proxies.ts';
import { parseSecretsKeys, SECRETS_KEY_EXPECTS } from './secrets-key.ts';
import { unique } from './unique.ts';
import {
  CIDR_EXPECTS,
  COLLECTOR_EXPECTS,
  LISTEN_EXPECTS,
  parseCidr,
  parseCollector,
  parseListen,
  parseStore,
  STORE_EXPECTS,
} from './values.ts';

/** A limit that a deployment may raise, but not so far that a slip in zeros goes unnoticed. */
const HIGHEST_LIMIT = 1_000_000_000;

const Duration = (options: Annotations) =>
  Type.Decode(
    Type.Union([Type.String(), Type.Integer()], { expects: `${DURATION_EXPECTS}, or 0`, ...options }),
    parseDuration,
  );

const Limit = (fallback: number, unit: string, description: string, minimum = 0) =>
  Type.Integer({ minimum, maximum: HIGHEST_LIMIT, default: fallback, unit, description });

const PemFile = (description: string) =>
  Type.Decode(Type.String({ minLength: 1, expects: 'the path of a PEM file', description }), readPem);

/** `tls` of the server. */
export const TlsSchema = Type.Object(
  {
    cert: PemFile('PEM file with the certificate and its chain.'),
    key: PemFile('PEM file with the private key.'),
  },
  { description: 'Serve https instead of http; some SDKs insist on it.' },
);

const AdminTokenSchema = Type.Object({
  name: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$',
    expects: 'a name of 1 to 64 letters, digits, or . _ @ -',
    description: 'Who it is; stands in the audit log.',
  }),
  token: Type.String({
    pattern: '^[A-Za-z0-9._~+/-]{16,256}=*$',
    secret: true,
    expects: 'a text of 16 to 256 letters, digits, or - . _ ~ + / (try: openssl rand -hex 24)',
    description: 'The bearer token.',
  }),
  role: Type.Enum([...ADMIN_ROLES], {
    description: '`owner` changes endpoints, `operator` pauses and replays, `read-only` looks on.',
  }),
});

const AdminSchema = Type.Object(
  {
    tokens: Type.Array(AdminTokenSchema, {
      maxItems: 100,
      default: [],
      description: 'Who may use the admin API. Without any it answers nobody.',
      rule: unique([
        ['name', 'token name'],
        ['token', 'token'],
      ]),
    }),
  },
  { default: {}, description: 'The admin API.' },
);

const MaxMembersSchema = Type.Object(
  {
    Private: Limit(DEFAULT_RULES.maxMembers.Private, 'members', 'Private (Work) groups.', 1),
    Public: Limit(DEFAULT_RULES.maxMembers.Public, 'members', 'Public groups.', 1),
    ChatRoom: Limit(DEFAULT_RULES.maxMembers.ChatRoom, 'members', 'ChatRoom (Meeting) groups.', 1),
    AVChatRoom: Limit(DEFAULT_RULES.maxMembers.AVChatRoom, 'members', 'AVChatRoom groups.', 1),
    Community: Limit(DEFAULT_RULES.maxMembers.Community, 'members', 'Community groups.', 1),
  },
  { default: {}, description: 'Most members of a group, by its type.' },
);

const LimitsSchema = Type.Object(
  {
    groupMessagesPerSecond: Limit(
      DEFAULT_RULES.groupMessagesPerSecond,
      'messages per second',
      'Per group, all senders together; 0 = no limit.',
    ),
    onLimit: Type.Enum(['drop', 'error'], {
      default: DEFAULT_RULES.onLimit,
      description:
        'Beyond it: `drop` answers OK with `MsgDropReason`, as Tencent does; `error` answers 10023.',
    }),
    requestsPerSecond: Limit(
      0,
      'requests per second',
      'Per app and command; 0 = no limit. Tencent allows 200.',
    ),
    bodyBytes: Type.Integer({
      minimum: 16_384,
      maximum: 67_108_864,
      default: 1_048_576,
      unit: 'bytes',
      description: 'Largest body of a request.',
    }),
    messageBytes: Type.Integer({
      minimum: 1_000,
      maximum: 1_000_000,
      default: DEFAULT_RULES.messageBytes,
      unit: 'bytes',
      description: 'Largest message: `MsgBody` and what travels with it.',
    }),
    dedupWindow: Duration({
      default: formatDuration(DEFAULT_RULES.dedupWindowMs),
      description: 'A send with the same `Random` within this time gets the answer of the first.',
    }),
    maxMembers: MaxMembersSchema,
    groupsPerUser: Limit(DEFAULT_RULES.groupsPerUser, 'groups', 'Groups a user may be in; 0 = no limit.'),
    groupsPerApp: Limit(DEFAULT_RULES.groupsPerApp, 'groups', 'Groups of an app; 0 = no limit.'),
    avChatRoomsPerApp: Limit(
      DEFAULT_RULES.avChatRoomsPerApp,
      'groups',
      'AVChatRooms of an app; 0 = no limit.',
    ),
    topicsPerCommunity: Type.Integer({
      minimum: 0,
      maximum: 1_000,
      default: DEFAULT_RULES.topicsPerCommunity,
      unit: 'topics',
      description: 'Topics of a Community that was created with `SupportTopic`; 0 = none.',
    }),
  },
  { default: {}, description: 'What a caller may do.' },
);

const DeliverySchema = Type.Object(
  {
    concurrency: Type.Integer({
      minimum: 1,
      maximum: 16_384,
      default: 1_024,
      unit: 'requests',
      description:
        'At most so many webhook requests in flight, all endpoints together; apps share them alike, and the endpoints of an app by `weight`. One of each endpoint may always be.',
    }),
  },
  { default: {}, description: 'How webhooks are delivered.' },
);

const RetentionSchema = Type.Object(
  {
    messages: Duration({
      default: 0,
      description:
        'History is kept this long; 0 = for ever. What is older is not shown; what a webhook still has to tell stays on the disk until it has, and what a shorter time than before is to delete of an idle group, until its next message.',
    }),
    replay: Duration({
      default: '7d',
      description: 'Delivered events can be replayed this long; 0 = for ever.',
    }),
  },
  { default: {}, description: 'What is deleted, and when.' },
);

const LogSchema = Type.Object(
  {
    level: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], {
      default: 'info',
      description: 'The least important lines that are written.',
    }),
  },
  { default: {}, description: 'Structured logs: one JSON object per line, on standard output.' },
);

/** `tls` of an endpoint of the file. */
export const EndpointTlsSchema = clientTlsSchema(readPemOrFile, 'the path of a PEM file, or PEM text');

/** As in the admin API, but certificates and keys may be named as files. */
const FileEndpointSchema = Type.Object(
  {
    ...EndpointSchema.properties,
    tls: Type.Optional(EndpointTlsSchema),
  },
  ENDPOINT_OPTIONS,
);

const TracingSchema = Type.Object(
  {
    endpoint: Type.Decode(
      Type.String({
        expects: COLLECTOR_EXPECTS,
        description: 'The collector. Without a path, `/v1/traces` is added.',
      }),
      parseCollector,
    ),
    sampleRatio: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 1,
      expects: 'a share from 0 to 1',
      description:
        'Share of the traces that begin here; for a request with a `traceparent` its caller has decided.',
    }),
    headers: Type.Decode(
      Type.Record(Type.String(), Type.String(), {
        default: {},
        secret: true,
        expects: 'a map of header names and texts',
        description:
          'Headers for the collector, such as `Authorization`. Values are treated as secrets; `OTEL_EXPORTER_OTLP_HEADERS` adds to them.',
      }),
      parseHeaders,
    ),
  },
  {
    description:
      'Traces from the REST call to the receiver, as spans of OpenTelemetry by OTLP over HTTP. Each webhook then carries a `traceparent`.',
  },
);

const AppRetentionSchema = Type.Object(
  {
    messages: Type.Optional(
      Duration({
        shownDefault: '`retention.messages`',
        description: 'History of the app is kept this long; 0 = for ever.',
      }),
    ),
    groups: Type.Optional(
      Type.Array(
        Type.Object({
          groups: Type.Array(Type.String({ minLength: 1, maxLength: 48 }), {
            minItems: 1,
            maxItems: 1_000,
            expects: 'a list of at least one group id',
            description: 'Group ids; of a Community, its topics with it.',
          }),
          messages: Duration({ description: 'Their history is kept this long; 0 = for ever.' }),
        }),
        {
          maxItems: 100,
          description: 'Groups with a time of their own; the first entry that names a group counts.',
        },
      ),
    ),
  },
  {
    description: 'How long the history of this app is kept, where it differs from `retention` of the server.',
  },
);

const AppSchema = Type.Object({
  sdkAppId: Type.Integer({
    minimum: 1,
    maximum: 4_294_967_295,
    description: 'The SDKAppID that clients, SDKs and webhooks carry.',
  }),
  secretKeys: Type.Array(
    Type.String({ minLength: 8, maxLength: 512, secret: true, description: 'A key for UserSigs.' }),
    {
      minItems: 1,
      maxItems: 10,
      secret: true,
      expects: 'a list of at least one key',
      description: 'The first one signs UserSigs, all of them verify.',
    },
  ),
  admins: Type.Array(Type.String({ minLength: 1, maxLength: 32 }), {
    minItems: 1,
    maxItems: 100,
    default: ['administrator'],
    expects: 'a list of at least one user id',
    description: 'User ids that may call the REST API.',
  }),
  retention: Type.Optional(AppRetentionSchema),
  endpoints: Type.Array(FileEndpointSchema, {
    maxItems: 1_000,
    default: [],
    description:
      'Where webhooks go. Read-only at run time; one that vanishes from here is paused, not deleted.',
    rule: unique([['name', 'endpoint name']]),
  }),
});

/** Every key of the configuration: type, default, unit, secret or not, and one sentence (design "Configuration"). */
export const ConfigSchema = Type.Object(
  {
    listen: Type.Decode(
      Type.String({
        default: '127.0.0.1:7700',
        expects: LISTEN_EXPECTS,
        description: 'Address of the server: REST, admin API, health, metrics. Port 0 takes a free one.',
      }),
      parseListen,
    ),
    tls: Type.Optional(TlsSchema),
    trustedProxies: Type.Array(Type.Decode(Type.String({ expects: CIDR_EXPECTS }), parseCidr), {
      maxItems: 1_000,
      default: [],
      expects: 'a list of addresses or CIDR ranges',
      description: 'Proxies whose `X-Forwarded-For` gives the address of the client.',
    }),
    store: Type.Decode(
      Type.String({
        default: 'sqlite:./confab-data/confab.db',
        quiet: true,
        expects: STORE_EXPECTS,
        description:
          'Where the state lives: an SQLite file (a relative path begins at the working directory), or the URL of a PostgreSQL database. See [PostgreSQL](postgresql.md).',
      }),
      parseStore,
    ),
    secretsKey: Type.Decode(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        default: [],
        shownDefault: 'none',
        secret: true,
        expects: SECRETS_KEY_EXPECTS,
        description:
          'Encrypts the settings of endpoints in the store. Of several the first one encrypts and all decrypt. See [security](security.md).',
      }),
      parseSecretsKeys,
    ),
    proxies: ProxiesSchema,
    admin: AdminSchema,
    limits: LimitsSchema,
    delivery: DeliverySchema,
    retention: RetentionSchema,
    cluster: ClusterSchema,
    log: LogSchema,
    tracing: Type.Optional(TracingSchema),
    apps: Type.Array(AppSchema, {
      minItems: 1,
      maxItems: 1_000,
      expects: 'a list of at least one app, each with sdkAppId and secretKeys',
      description: 'The apps on this server, strictly apart from each other.',
      rule: unique([['sdkAppId', 'sdkAppId']]),
    }),
  },
  { rule: (config: unknown) => [...endpointsHaveProxies(config), ...rolesNeedPostgres(config)] },
);

export type WrittenConfig = StaticDecode<typeof ConfigSchema>;
