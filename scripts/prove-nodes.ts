/**
 * Three real servers on one real PostgreSQL, killed, paused and stopped under load together with their database, while the receiver
 * writes down what arrives:
 *
 *     npm run prove:nodes -- [--faults N] [--seed S] [--write-docs]
 *
 * `--write-docs` writes its part of docs/proof.md. Exit code 0 only when no promise was broken. A fault takes about four seconds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCluster } from '../packages/server/test/kills/cluster-run.ts';
import { nodesSection, withNodes } from '../packages/server/test/kills/nodes-section.ts';

const PROGRESS_EVERY = 10;
const PAGE = new URL('../docs/proof.md', import.meta.url);

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const faults = wholeNumber('faults', values.faults);
const seed = wholeNumber('seed', values.seed);

const run = await runCluster({
  faults,
  seed,
  onFault: (done) => {
    if (done % PROGRESS_EVERY === 0) console.log(`${done} of ${faults} faults`);
  },
});
console.log(`\n${nodesSection(run, seed)}`);
for (const breach of run.broken.slice(0, 100)) console.log(breach);
if (run.broken.length > 0) process.exitCode = 1;
if (values['write-docs']) {
  writeFileSync(PAGE, withNodes(readFileSync(PAGE, 'utf8'), nodesSection(run, seed)));
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number from 1 to 999999, and is "${text}"`);
  process.exit(2);
}
