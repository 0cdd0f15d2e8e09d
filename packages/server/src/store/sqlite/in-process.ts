import type { Command, ResultOf } from '../commands.ts';
import { StoreError } from '../errors.ts';
import type { StreamHint } from '../lanes.ts';
import type { Store } from '../store.ts';
import type { SqliteCore } from './core.ts';
import { streamHints } from './hints.ts';
import { readsBy } from './reads.ts';

/** The synchronous core behind the port, in this very thread; commands of one turn of the event loop share a transaction. */
export function storeInProcess(opened: { readonly core: SqliteCore; close(): void }): Store {
  const { core } = opened;
  const listeners: ((hints: readonly StreamHint[]) => void)[] = [];
  let queue: { command: Command; resolve(result: unknown): void; reject(error: Error): void }[] = [];
  let closed = false;

  function flush(): void {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    if (closed) {
      for (const { reject } of batch) reject(new StoreError('closed', 'the store is closed'));
      return;
    }
    const commands = batch.map(({ command }) => command);
    const { outcomes, hints } = core.commit(commands);
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind === 'failed') reject(outcome.error);
      else resolve(outcome);
    });
    if (hints.length === 0) return;
    const told = streamHints(core.installId, commands, outcomes, hints);
    for (const listener of listeners) listener(told);
  }

  const reads = readsBy(async (name, args) => {
    if (closed) throw new StoreError('closed', 'the store is closed');
    return Reflect.apply(core[name], core, args);
  });

  return {
    ...reads,
    capabilities: { severalNodes: false },
    generation: core.generation,
    commit: <C extends Command>(command: C) =>
      new Promise<ResultOf<C>>((resolve, reject) => {
        if (queue.length === 0) queueMicrotask(flush);
        queue.push({ command, resolve: (result) => resolve(result as ResultOf<C>), reject });
      }),
    onLanes: (listener) => void listeners.push(listener),
    close: async () => {
      if (closed) return;
      if (queue.length > 0) flush();
      closed = true;
      opened.close();
    },
  };
}
