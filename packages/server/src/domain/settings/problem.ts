/** Where a value stands: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** What is wrong with one value, and what to write instead. `message` reads on after the key: `url must be …`. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Thrown by the decoder of one value; the message says what is wrong with it. Nothing else may be thrown there. */
export class Unfit extends Error {}

/** A path as people write it: `apps[0].endpoints[1].url`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The problem as one sentence, with the key in front when there is one. */
export function problemText(problem: Problem): string {
  const key = pathText(problem.path);
  return key === '' ? problem.message : `${key} ${problem.message}`;
}
