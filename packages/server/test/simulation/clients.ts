import type { Command } from '../../src/store/commands.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** A command without its time, which is that of the attempt. */
export type Request = Command extends infer One ? (One extends Command ? Omit<One, 'now'> : never) : never;

interface Open {
  readonly request: Request;
  readonly whenDone: (process: Process) => void;
  /** Of several nodes the one that was asked. */
  asked: Process | undefined;
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
    const open: Open = { request, whenDone, asked: undefined };
    this.#open.add(open);
    this.#try(open);
  }

  /** A process begins to serve: whoever has no answer yet asks it. */
  served(): void {
    for (const open of this.#open) if (open.asked === undefined) this.#try(open);
  }

  /** This node answers no more, or for a long time not: who asked it asks another. */
  deserted(process: Process): void {
    for (const open of this.#open) if (open.asked === process) this.#try(open);
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
    const { entry: process, store, agenda, leases } = this.#world;
    open.asked = leases === undefined ? undefined : process;
    if (process === undefined) return;
    const command = { ...open.request, now: process.clock.now() } as Command;
    store.commit(process, command).then(
      () => {
        if (this.#open.delete(open)) open.whenDone(process);
      },
      () => void agenda.after(AGAIN_MS, () => this.#try(open), process),
    );
  }
}
