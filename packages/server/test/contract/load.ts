import { globSync } from 'node:fs';
import type { Contract } from './contract.ts';

/** Every contract of this folder, by file name. */
export async function loadContracts(): Promise<readonly Contract[]> {
  const files = globSync('*.contract.ts', { cwd: import.meta.dirname }).toSorted();
  const loaded = await Promise.all(
    files.map(async (file) => (await import(`./${file}`)) as { readonly contracts: readonly Contract[] }),
  );
  return loaded.flatMap(({ contracts }) => contracts);
}
