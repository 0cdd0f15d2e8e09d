import type { Annotations } from '../domain/settings/node.ts';
import type { Problem } from '../domain/settings/problem.ts';

/** A rule for a list of maps: no two entries have the same value under any of these keys. Values are not shown: they may be secret. */
export function unique(
  keys: readonly (readonly [key: string, called: string])[],
): NonNullable<Annotations['rule']> {
  return (list) => keys.flatMap(([key, called]) => repeats(list as readonly Entry[], key, called));
}

/** Undefined where the entry had a problem of its own. */
type Entry = Readonly<Record<string, unknown>> | undefined;

function repeats(entries: readonly Entry[], key: string, called: string): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<unknown, number>();
  for (const [index, entry] of entries.entries()) {
    const value = entry?.[key];
    if (value === undefined) continue;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else
      problems.push({
        path: [index, key],
        message: `repeats the ${called} of entry [${earlier}]; each must be different`,
      });
  }
  return problems;
}
