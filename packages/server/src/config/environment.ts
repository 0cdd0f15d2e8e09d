import type { TSchema } from 'typebox';
import { parse } from 'yaml';
import { nearest } from '../domain/settings/nearest.ts';
import { arrayNode, everySetting, objectNode } from '../domain/settings/node.ts';
import type { Path } from '../domain/settings/problem.ts';

/** Environment variables as the caller found them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'CONFAB_';

/** Variables that commands read for themselves, and those that Kubernetes sets for a service called "confab". */
const NOT_OURS = /^CONFAB_(TOKEN|USERSIG|SECRET_KEY|AUTH_TOKEN|SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_\w+)?)$/;

/** One value that the environment gives. */
export interface Override {
  readonly variable: string;
  readonly path: Path;
  readonly value: unknown;
}

export interface EnvironmentProblem {
  readonly variable: string;
  readonly message: string;
}

/**
 * Finds which settings the environment gives. `limits.groupMessagesPerSecond` is `CONFAB_LIMITS_GROUP_MESSAGES_PER_SECOND`;
 * an entry of a list has its index (from 0) in the name: `CONFAB_APPS_0_SECRET_KEYS`. Text settings take the text as it is, all
 * others are read as YAML, hence also as JSON. An empty variable counts as absent.
 */
export function readEnvironment(
  schema: TSchema,
  environment: Environment,
): { readonly overrides: readonly Override[]; readonly problems: readonly EnvironmentProblem[] } {
  const overrides: Override[] = [];
  const problems: EnvironmentProblem[] = [];
  for (const variable of Object.keys(environment).sort()) {
    const text = environment[variable];
    if (!variable.startsWith(PREFIX) || text === undefined || text === '' || NOT_OURS.test(variable))
      continue;
    const found = find(schema, variable.slice(PREFIX.length));
    if (found === undefined) {
      problems.push({ variable, message: unknownVariable(schema, variable) });
      continue;
    }
    try {
      overrides.push({ variable, path: found.path, value: readText(found.node, text) });
    } catch {
      problems.push({ variable, message: 'cannot be read as YAML or JSON' });
    }
  }
  // Whole lists and maps first, so that what names a part of them wins.
  overrides.sort((a, b) => a.path.length - b.path.length);
  return { overrides, problems };
}

function unknownVariable(schema: TSchema, variable: string): string {
  const names = Array.from(everySetting(schema), ({ path }) => variableName(path));
  const meant = nearest(variable, names);
  const hint = meant === undefined ? 'docs/configuration.md lists them all' : `did you mean ${meant}?`;
  return `is no setting; ${hint}`;
}

/** The variable that overrides a setting. */
export function variableName(path: Path): string {
  return PREFIX + path.map((step) => (typeof step === 'number' ? String(step) : segment(step))).join('_');
}

/** `sdkAppId` -> `SDK_APP_ID`. */
function segment(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

interface Found {
  readonly path: Path;
  readonly node: TSchema;
}

function find(node: TSchema, rest: string): Found | undefined {
  if (rest === '') return { path: [], node };
  const array = arrayNode(node);
  if (array) {
    const match = /^(\d{1,4})(?:_(.+))?$/.exec(rest);
    return match ? within(Number(match[1]), array.items, match[2] ?? '') : undefined;
  }
  for (const [key, child] of Object.entries(objectNode(node)?.properties ?? {})) {
    const name = segment(key);
    if (rest !== name && !rest.startsWith(`${name}_`)) continue;
    const found = within(key, child, rest.slice(name.length + 1));
    if (found) return found;
  }
  return undefined;
}

function within(step: string | number, node: TSchema, rest: string): Found | undefined {
  const found = find(node, rest);
  return found && { path: [step, ...found.path], node: found.node };
}

function readText(node: TSchema, text: string): unknown {
  return 'type' in node && node.type === 'string' ? text : parse(text);
}

/**
 * The tree with one value put in. Maps and lists on the way are made where they are missing; undefined when something else is in
 * the way, or when a list would get a hole.
 */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: readonly unknown[] | undefined =
      tree === undefined || tree === null ? [] : Array.isArray(tree) ? tree : undefined;
    if (list === undefined || step > list.length) return undefined;
    const inner = withValue(list[step], rest, value);
    return inner === undefined ? undefined : list.toSpliced(step, 1, inner);
  }
  if (tree !== undefined && tree !== null && (typeof tree !== 'object' || Array.isArray(tree)))
    return undefined;
  const inner = withValue(Object.entries(tree ?? {}).find(([key]) => key === step)?.[1], rest, value);
  return inner === undefined ? undefined : { ...tree, [step]: inner };
}
