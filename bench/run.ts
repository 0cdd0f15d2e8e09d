import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Options, ScenarioName } from './options.ts';
import type { Bench, Figure, Scenario, ScenarioResult } from './scenario.ts';
import { backlog } from './scenarios/backlog.ts';
import { crowd } from './scenarios/crowd.ts';
import { delay } from './scenarios/delay.ts';
import { footprint } from './scenarios/footprint.ts';
import { loadConfab, sustained } from './scenarios/full-load.ts';
import { groupCommands } from './scenarios/group-commands.ts';
import { groupsAtRest } from './scenarios/groups-at-rest.ts';
import { history } from './scenarios/history.ts';
import { millionGroups } from './scenarios/million-groups.ts';
import { moveStores } from './scenarios/move.ts';
import { neighbours } from './scenarios/neighbours.ts';
import { nodes } from './scenarios/nodes.ts';
import { onPostgres } from './scenarios/postgres.ts';
import { simulation } from './scenarios/simulation.ts';
import { slowDisk } from './scenarios/slow-disk.ts';
import { throughput } from './scenarios/throughput.ts';
import { copyLeastServer } from './yardstick.ts';

const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  throughput,
  postgres: onPostgres,
  nodes,
  delay,
  neighbours,
  crowd,
  'slow-disk': slowDisk,
  backlog,
  'million-groups': millionGroups,
  'groups-at-rest': groupsAtRest,
  'group-commands': groupCommands,
  migrate: moveStores,
  history,
  footprint,
  simulation,
};

export interface Run {
  readonly figures: readonly Figure[];
  /** Everything measured, by scenario. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Names of scenarios that could not be measured. */
  readonly failed: readonly string[];
}

export interface Output {
  /** What is going on, for whoever waits. */
  progress(line: string): void;
  /** A scenario is done. */
  result(name: ScenarioName, result: ScenarioResult): void;
}

/** Runs the scenarios that were asked for, with everything they write in `folder`. One that fails does not keep others from running. */
export async function runScenarios(options: Options, folder: string, output: Output): Promise<Run> {
  let fullRate: Promise<number> | undefined;
  let current = '';
  const bench: Bench = {
    options,
    leastServer: copyLeastServer(folder),
    newFolder: () => mkdtempSync(join(folder, 'store-')),
    fullRate() {
      if (fullRate === undefined) bench.progress('full load, to know what half of it is');
      fullRate ??= loadConfab(bench).then(sustained);
      return fullRate;
    },
    progress: (line) => output.progress(`${current}: ${line}`),
  };
  const figures: Figure[] = [];
  const raw: Record<string, unknown> = {};
  const failed: string[] = [];
  for (const name of options.only) {
    current = name;
    try {
      const result = await SCENARIOS[name](bench);
      figures.push(...result.figures);
      raw[name] = result.raw;
      if (result.fullRate !== undefined) fullRate = Promise.resolve(result.fullRate);
      output.result(name, result);
    } catch (error) {
      failed.push(name);
      output.progress(`${name} could not be measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { figures, raw, failed };
}
