import { parseArgs } from 'node:util';

/** Scenarios in the order they run; later ones use what earlier ones found out. */
export const SCENARIO_NAMES = [
  'throughput',
  'postgres',
  'nodes',
  'delay',
  'neighbours',
  'crowd',
  'slow-disk',
  'backlog',
  'million-groups',
  'groups-at-rest',
  'group-commands',
  'migrate',
  'history',
  'footprint',
  'simulation',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export interface Options {
  /** Length of one load. */
  readonly seconds: number;
  /** Runs of each variant; the figures are their medians. */
  readonly pairs: number;
  /** Undelivered messages of `backlog`, groups of `million-groups` and `groups-at-rest`, messages of the group of `history`. */
  readonly backlog: number;
  readonly only: readonly ScenarioName[];
  readonly quick: boolean;
  readonly json?: string;
  readonly writeDocs: boolean;
}

export const HELP = `npm run bench -- [options]

Measures the server on this machine and prints a table and plots; asserts nothing. All traffic stays on 127.0.0.1.
With ../shared/yardstick beside the repository, throughput is also given as a ratio to its least server.

  --seconds N    length of one load (default 8)
  --pairs N      runs of each variant, alternating; figures are medians (default 5)
  --only NAME    ${SCENARIO_NAMES.join(', ')}; may be repeated
  --quick        2 seconds, 1 pair, 50,000 instead of 1,000,000 messages and groups: shows that it runs, its figures mean nothing
  --json FILE    writes every number of every run
  --write-docs   puts the table into docs/performance.md
  --help
`;

/** The arguments, checked; `help` when that is all that was asked. Throws an Error with a sentence for people. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      pairs: { type: 'string' },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values['write-docs'] && values.only !== undefined) {
    throw new Error('--write-docs writes the table of a whole run; leave --only out.');
  }
  const { quick } = values;
  return {
    seconds: count('--seconds', values.seconds, quick ? 2 : 8, 600),
    pairs: count('--pairs', values.pairs, quick ? 1 : 5, 100),
    backlog: quick ? 50_000 : 1_000_000,
    only: values.only === undefined ? SCENARIO_NAMES : values.only.map(scenarioName),
    quick,
    ...(values.json === undefined ? {} : { json: values.json }),
    writeDocs: values['write-docs'],
  };
}

function count(option: string, given: string | undefined, fallback: number, most: number): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`${option} takes a whole number from 1 to ${most}, not "${given}".`);
  }
  return value;
}

function scenarioName(given: string): ScenarioName {
  const name = SCENARIO_NAMES.find((candidate) => candidate === given);
  if (name === undefined) {
    throw new Error(`There is no scenario "${given}"; there are ${SCENARIO_NAMES.join(', ')}.`);
  }
  return name;
}
