import type { Command } from '../../src/store/commands.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** A command without its time, which is that of the attempt. */
export type Request = Command extends infer One ? (One extends Command ? Omit<One, 'now'> : never) : never;

interface Open {
  readonly request: Request;
  readonly whenDone: (process: Process) => void;
}

/** What those outside do who get no answer, or a bad one. */
const AGAIN_MS = 200;

/** Apps and operators: they ask until they are answered, and ask again whoever comes after a crash. */
export class Clients {
  readonly #world: World;
  readonly #open = new Set<Open>();

  constructor(world: World) {
    this.#world = world;
  }

  get waiting(): number {
    return this.#open.size;
  }

  ask(request: Request, whenDone: (process: Process) => void = () => {}): void {
    const open = { request, whenDone };
    this.#open.add(open);
    this.#try(open);
  }

  /** A process begins to serve: whoever has no answer yet asks it. */
  served(): void {
    for (const open of this.#open) this.#try(open);
  }

  /** Nobody asks to pause or to resume any more; the endpoints for which somebody did. */
  forgetPauses(): string[] {
    const names: string[] = [];
    for (const open of this.#open) {
      if (open.request.type !== 'setEndpointPaused') continue;
      names.push(open.request.name);
      this.#open.delete(open);
    }
    return names;
  }

  #try(open: Open): void {
    if (!this.#open.has(open)) return;
    const { process, store, agenda } = this.#world;
    if (process === undefined || !process.serves || !process.alive) return;
    const command = { ...open.request, now: process.clock.now() } as Command;
    store.commit(process, command).then(
      () => {
        if (this.#open.delete(open)) open.whenDone(process);
      },
      () => void agenda.after(AGAIN_MS, () => this.#try(open), process),
    );
  }
}
