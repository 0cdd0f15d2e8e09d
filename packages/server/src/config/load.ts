import { systemClock } from '../base/clock.ts';
import { type Problem, pathText } from '../domain/settings/problem.ts';
import { readSettings } from '../domain/settings/read.ts';
import { assemble } from './assemble.ts';
import { certificateFiles } from './certificate-files.ts';
import type { Config } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type ConfigDocument, parseConfigText } from './document.ts';
import { type Environment, type Override, readEnvironment, withValue } from './environment.ts';
import { readTextFile } from './files.ts';
import { futureStarts } from './future-starts.ts';
import { maskedSettings } from './masked.ts';
import { ConfigSchema } from './schema.ts';

export interface ConfigSource {
  /** Path of a YAML file. */
  readonly file?: string;
  /** YAML text, instead of a file. */
  readonly text?: string;
  /** Environment variables; only `CONFAB_…` are looked at. */
  readonly env: Environment;
  /** Unix ms; the system's by default. A time that an endpoint starts from must have come. */
  readonly now?: number;
}

/**
 * The configuration out of file and environment: every default filled in, every value checked, deeply frozen (design "Configuration").
 * Throws `ConfigError` with all problems together.
 */
export function loadConfig(source: ConfigSource): Config {
  const name = source.file ?? (source.text === undefined ? 'environment' : 'text');
  const document = readDocument(name, source);
  const { overrides, problems: unread } = readEnvironment(ConfigSchema, source.env);
  const problems: ConfigProblem[] = unread.map((problem) => ({ key: '', ...problem }));

  let tree = document.value;
  for (const override of overrides) {
    const next = withValue(tree, override.path, override.value);
    if (next === undefined) problems.push(misplaced(override));
    else tree = next;
  }

  const read = readSettings(ConfigSchema, tree);
  const { now = systemClock().now() } = source;
  const found = read.ok ? [...maskedSettings(tree), ...futureStarts(read.value, now)] : read.problems;
  for (const problem of found) {
    problems.push(located(problem, document, overrides));
  }
  if (!read.ok || problems.length > 0) {
    throw new ConfigError(
      name,
      problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    );
  }
  return deepFreeze({ ...assemble(read.value), certificateFiles: certificateFiles(tree) });
}

function readDocument(name: string, { file, text }: ConfigSource): ConfigDocument {
  const read = text !== undefined ? { text } : file === undefined ? { text: '' } : readTextFile(file);
  if ('why' in read) throw new ConfigError(name, [{ key: '', message: `The file ${read.why}.` }]);
  const document = parseConfigText(read.text);
  if ('value' in document) return document;
  throw new ConfigError(
    name,
    document.map((problem) => ({ key: '', ...problem })),
  );
}

function misplaced({ variable, path }: Override): ConfigProblem {
  return {
    key: pathText(path),
    variable,
    message:
      'has no place to go: the list before it is shorter, or the configuration has something else there',
  };
}

/** Adds where the value came from: the variable that gave it (or a part of it), else the line of the file. */
function located(problem: Problem, document: ConfigDocument, overrides: readonly Override[]): ConfigProblem {
  const { path, message } = problem;
  const override = overrides.findLast((candidate) =>
    candidate.path.every((step, index) => path[index] === step),
  );
  const line = document.lineOf(path);
  return {
    key: pathText(path),
    message,
    ...(override !== undefined && { variable: override.variable }),
    ...(override === undefined && line !== undefined && { line }),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
