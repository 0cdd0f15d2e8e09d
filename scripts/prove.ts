/**
 * The deterministic simulation of the webhook pipeline, as many seeds as you like:
 *
 *     npm run prove -- [--seeds N] [--from S] [--jobs J] [--keep FILE] [--seed X] [--fault NAME] [--write-docs]
 *
 * `--jobs` shares the seeds among threads (default: one for each processor), `--keep` writes what they come to into a file from which the
 * same command goes on when it was interrupted, `--seed` runs one history with its trace, `--fault` plants a bug, `--write-docs` writes
 * docs/proof.md. Exit code 0 only when no rule was broken, and with `--fault` only when the bug was caught.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { killsOf } from '../packages/server/test/kills/kills-section.ts';
import { nodesOf } from '../packages/server/test/kills/nodes-section.ts';
import { Coverage } from '../packages/server/test/simulation/coverage.ts';
import { KeptProof, sourcesDigest } from '../packages/server/test/simulation/kept-proof.ts';
import { loadWithFault } from '../packages/server/test/simulation/load-with-fault.ts';
import {
  describeEndpoint,
  describeFault,
  describeStep,
  type Plan,
} from '../packages/server/test/simulation/plan.ts';
import { PLANTED_FAULTS } from '../packages/server/test/simulation/planted-faults.ts';
import { proofPage } from '../packages/server/test/simulation/proof-page.ts';
import { type BlockResult, proveInBlocks } from '../packages/server/test/simulation/prove-blocks.ts';
import { type Catch, Prover, plantedFault } from '../packages/server/test/simulation/prover.ts';
import { SOUND, type System } from '../packages/server/test/simulation/system.ts';

const PROGRESS_EVERY = 5_000;
/** The rarest bug is caught once in some 2,000 histories: within 5,000 one page in twelve would miss it. */
const CATCH_LIMIT = 50_000;
const PAGE = new URL('../docs/proof.md', import.meta.url);

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    keep: { type: 'string' },
    seed: { type: 'string' },
    fault: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
  },
});

const prover = new Prover();
const from = wholeNumber('from', values.from);
const seeds = wholeNumber('seeds', values.seeds);
if (values.seed !== undefined) await showSeed(wholeNumber('seed', values.seed));
else if (values.fault !== undefined) await showFault(values.fault);
else await proveSeeds();

async function proveSeeds(): Promise<void> {
  const begun = performance.now();
  const jobs = Math.min(Math.max(1, wholeNumber('jobs', values.jobs)), Math.max(1, seeds));
  const kept = values.keep === undefined ? undefined : new KeptProof(values.keep, from);
  const before = readKept(kept);
  let told = before?.histories ?? 0;
  if (before !== undefined)
    console.log(`${told} histories are kept in ${values.keep}; this goes on behind them`);
  const since = (histories: number) => rate(histories - (before?.histories ?? 0), begun);
  const proof = await proveInBlocks({
    ...{ from, count: seeds, jobs },
    ...(before !== undefined && { before }),
    onProgress(proof) {
      const { histories, broken } = proof;
      if (histories - told < PROGRESS_EVERY) return;
      told = histories;
      kept?.write(proof);
      console.log(`${histories} histories, ${since(histories)} per second, ${broken.length} broken`);
    },
  });
  kept?.write(proof);
  const { histories, broken } = proof;
  console.log(
    `${histories} histories in ${((performance.now() - begun) / 1_000).toFixed(1)} s (${since(histories)} per second): ` +
      `${proof.sends} sends, ${proof.faults} faults, ${proof.steps} steps, ${broken.length} broken`,
  );
  for (const { seed, violation } of broken) console.log(`seed ${seed}: ${violation.rule}: ${violation.why}`);
  const [first] = broken;
  if (first !== undefined) {
    process.exitCode = 1;
    await showShortest(first.seed, SOUND);
  }
  if (values['write-docs']) {
    const catches: Catch[] = [];
    for (const fault of PLANTED_FAULTS) catches.push(await prover.catchFault(fault, from, CATCH_LIMIT));
    const page = readFileSync(PAGE, 'utf8');
    const parts = { kills: killsOf(page), nodes: nodesOf(page) };
    writeFileSync(PAGE, proofPage({ proof, catches, firstSeed: from, sources: sourcesDigest(), parts }));
  }
}

function readKept(kept: KeptProof | undefined): BlockResult | undefined {
  try {
    return kept?.read();
  } catch (error) {
    console.error(`--keep: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}

async function showSeed(seed: number): Promise<void> {
  const system = values.fault === undefined ? SOUND : await loadWithFault(plantedFault(values.fault));
  if (await showShortest(seed, system)) process.exitCode = 1;
  else console.log(`seed ${seed} breaks no rule`);
}

async function showFault(name: string): Promise<void> {
  const { fault, after, violation } = await prover.catchFault(plantedFault(name), from, seeds);
  if (after === undefined) {
    console.log(`${name} was not caught in ${seeds} histories: ${fault.bug}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${name} was caught after ${after} histories, by ${violation?.rule}: ${fault.bug}`);
  await showShortest(from + after - 1, await loadWithFault(fault));
}

/** Prints the shortest history that breaks what this seed breaks, with everything that happens in it. */
async function showShortest(seed: number, system: System): Promise<boolean> {
  const plan = await prover.shortest(seed, system);
  if (plan === undefined) return false;
  console.log(describePlan(plan));
  const { violation } = await prover.run(plan, new Coverage(), system, (line) => console.log(line));
  console.log(`\n${violation?.rule}: ${violation?.why}\nrun again with: npm run prove -- --seed ${seed}`);
  return true;
}

function describePlan({ seed, nodes, endpoints, steps, faults }: Plan): string {
  return [
    `\nThe shortest history of seed ${seed}: ${steps.length} steps, ${faults.length} faults`,
    ...(nodes === undefined ? [] : [`  notices ${nodes.notices ? 'on' : 'off'}`]),
    ...(nodes?.each ?? []).map((node) => `  node ${JSON.stringify(node)}`),
    ...endpoints.map((settings) => `  endpoint ${describeEndpoint(settings)}`),
    ...steps.map((step) => `  ${describeStep(step)}`),
    ...faults.map((fault) => `  fault at ${describeFault(fault)}`),
    '',
  ].join('\n');
}

function rate(done: number, begun: number): string {
  return (done / ((performance.now() - begun) / 1_000)).toFixed(0);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  console.error(`--${name} must be a whole number, and is "${text}"`);
  process.exit(2);
}
