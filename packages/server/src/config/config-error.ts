/** One thing wrong with the configuration. */
export interface ConfigProblem {
  /** `apps[0].endpoints[1].url`; empty when it is the file as a whole. */
  readonly key: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** The environment variable that gave the value. */
  readonly variable?: string;
  /** What is wrong and what to write instead. Never a secret. */
  readonly message: string;
}

/** The configuration cannot be used. Carries all its problems; the message lists them, one to a line. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(source: string, problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(
      [
        `The configuration (${source}) has ${count}:`,
        ...problems.map((problem) => `  ${line(problem)}`),
      ].join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function line({ key, line, variable, message }: ConfigProblem): string {
  const where = variable ?? (line === undefined ? '' : `line ${line}`);
  if (where === '' || key === '') return `${where}${key} ${message}`.trim();
  return `${where}: ${key} ${message}`;
}
