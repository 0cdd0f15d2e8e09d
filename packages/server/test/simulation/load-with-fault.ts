import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PlantedFault } from './planted-faults.ts';
import type { System } from './system.ts';

const SRC = new URL('../../src/', import.meta.url).href;
const MARK = '?fault=';
const faults = new Map<string, PlantedFault>();
let hooked = false;

/** The code under test with a bug in it: a copy of all its modules of which one file differs. */
export async function loadWithFault(fault: PlantedFault): Promise<System> {
  const source = readFileSync(new URL(fault.file, SRC), 'utf8');
  if (source.split(fault.find).length !== 2) {
    throw new Error(
      `planted fault ${fault.name}: ${fault.file} does not hold its text exactly once; bring planted-faults.ts up to date`,
    );
  }
  faults.set(fault.name, fault);
  if (!hooked) hook();
  hooked = true;
  const from = (file: string) => import(`${SRC}${file}${MARK}${fault.name}`);
  const [{ ClusterNode }, { Dispatcher }, { SqliteCore }] = await Promise.all([
    from('cluster-node.ts') as Promise<Pick<System, 'ClusterNode'>>,
    from('webhook/dispatcher.ts') as Promise<Pick<System, 'Dispatcher'>>,
    from('store/sqlite/core.ts') as Promise<Pick<System, 'SqliteCore'>>,
  ]);
  return { ClusterNode, Dispatcher, SqliteCore };
}

/** What a marked module imports of ours is marked too, and the file of the fault is changed as it is read. */
function hook(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const mark = context.parentURL?.split(MARK)[1];
      const isMarked = mark !== undefined && resolved.url.startsWith(SRC) && !resolved.url.includes(MARK);
      return isMarked ? { ...resolved, url: `${resolved.url}${MARK}${mark}` } : resolved;
    },
    load(url, context, next) {
      const [file = '', name = ''] = url.split(MARK);
      const fault = faults.get(name);
      if (fault === undefined || file !== SRC + fault.file) return next(url, context);
      const source = readFileSync(fileURLToPath(file), 'utf8').replace(fault.find, () => fault.replace);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
