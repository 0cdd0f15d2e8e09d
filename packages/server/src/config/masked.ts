import { MASK } from '../domain/mask.ts';
import type { Path, Problem } from '../domain/settings/problem.ts';

const MESSAGE = `is the mask ${MASK}, which stands for a secret where settings are shown; write the secret itself`;

/** Every place of a well-formed configuration that holds the mask: a setting copied from an answer of the admin API would be a secret known to all. */
export function maskedSettings(value: unknown, path: Path = []): readonly Problem[] {
  if (value === MASK) return [{ path, message: MESSAGE }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    maskedSettings(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
