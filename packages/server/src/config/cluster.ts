import Type from 'typebox';
import { DEFAULT_LEASE_MS } from '../domain/lease.ts';
import { formatDuration, parseDuration } from '../domain/settings/duration.ts';
import { type Problem, Unfit } from '../domain/settings/problem.ts';

export const NODE_ROLES = ['all', 'api', 'dispatch'] as const;

const Between = (least: number, most: number, fallback: number, description: string) =>
  Type.Decode(
    Type.String({
      default: formatDuration(fallback),
      expects: `a duration from ${formatDuration(least)} to ${formatDuration(most)}`,
      description,
    }),
    (written) => {
      const ms = parseDuration(written);
      if (ms < least || ms > most)
        throw new Unfit(`must be from ${formatDuration(least)} to ${formatDuration(most)}`);
      return ms;
    },
  );

export const ClusterSchema = Type.Object(
  {
    role: Type.Enum([...NODE_ROLES], {
      default: 'all',
      description:
        '`api` takes requests and delivers nothing, `dispatch` delivers and answers only the admin API, probes and metrics, `all` does both.',
    }),
    node: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        expects: 'a name of 1 to 64 letters, digits, dots, hyphens or underscores',
        description:
          'Name of this node, different on each. Without one it gets a new one at each start. A second process of the same name is refused while the first one lives.',
      }),
    ),
    lease: Between(
      1_000,
      60_000,
      DEFAULT_LEASE_MS,
      'A node that is silent for so long loses its groups to the others. They take over within a second after that.',
    ),
    poll: Between(
      100,
      60_000,
      1_000,
      'How often a node that is not alone looks for work that nobody told it of.',
    ),
    notices: Type.Boolean({
      default: true,
      description:
        'Nodes tell one another of work by NOTIFY. Without it everything arrives at the next `poll`.',
    }),
  },
  {
    default: {},
    description: 'Several nodes on one PostgreSQL database. See [Several nodes](several-nodes.md).',
  },
);

/** An SQLite file has one process, which does everything. */
export function rolesNeedPostgres(config: unknown): readonly Problem[] {
  const { store, cluster } = config as {
    readonly store?: { readonly kind: string };
    readonly cluster?: { readonly role?: string };
  };
  const role = cluster?.role ?? 'all';
  if (store?.kind !== 'sqlite' || role === 'all') return [];
  const message = `is ${role}, but the store is an SQLite file, which has one process; use a postgres:// store, or the role all`;
  return [{ path: ['cluster', 'role'], message }];
}
