import type { Memory } from './rows.ts';

/**
 * What every process remembers alike: endpoints, whether there are replays, accounts. A pass that changes any of it says so; it is
 * then made while no other process writes, and all of them are told by their row in `process`.
 */
export class Common implements Memory {
  #alone = false;
  #config = false;
  #accounts = false;

  /** What this pass was decided on may not change meanwhile, though nothing of it is remembered. */
  needsAll(): void {
    this.#alone = true;
  }

  changesConfig(): void {
    this.#alone = true;
    this.#config = true;
  }

  changesAccounts(): void {
    this.#alone = true;
    this.#accounts = true;
  }

  /** This pass counts only if no other process writes meanwhile. */
  get alone(): boolean {
    return this.#alone;
  }

  get changed(): { readonly config: boolean; readonly accounts: boolean } {
    return { config: this.#config, accounts: this.#accounts };
  }

  discard(): void {
    this.#alone = false;
    this.#config = false;
    this.#accounts = false;
  }

  keep = () => this.discard();
  forget = () => this.discard();
}
