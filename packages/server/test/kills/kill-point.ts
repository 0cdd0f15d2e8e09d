import { StatementSync } from 'node:sqlite';

/** Where a process dies: at a moment of its n-th transaction. */
export const KILL_POINTS = ['before BEGIN', 'before COMMIT', 'after COMMIT'] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/**
 * Makes this process kill itself at that point of the n-th transaction from now on: nothing else of it runs, as after a power cut.
 */
export function dieAt(point: KillPoint, transaction: number): void {
  const { run } = StatementSync.prototype;
  let begun = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  StatementSync.prototype.run = function (this: StatementSync, ...params: readonly unknown[]) {
    const sql = this.sourceSQL;
    if (sql === 'BEGIN IMMEDIATE') begun += 1;
    const now = begun === transaction;
    if (now && point === 'before BEGIN' && sql === 'BEGIN IMMEDIATE') die();
    if (now && point === 'before COMMIT' && sql === 'COMMIT') die();
    const result = Reflect.apply(run, this, params);
    if (now && point === 'after COMMIT' && sql === 'COMMIT') die();
    return result;
  };
}
