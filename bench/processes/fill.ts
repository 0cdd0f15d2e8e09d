import { startNode } from './children.ts';

const SCRIPT = new URL('./fill-process.ts', import.meta.url);

/** Puts the messages `from` to `to` (exclusive) into the store of a configuration, in a process of its own. */
export async function fillStore(configFile: string, from: number, to: number): Promise<void> {
  await using child = startNode(SCRIPT, [configFile, String(from), String(to)]);
  await child.next();
}
