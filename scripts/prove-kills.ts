/**
 * Real server processes, killed again and again under load while their receiver writes down what arrives:
 *
 *     npm run prove:kills -- [--kills N] [--seed S] [--write-docs]
 *
 * `--write-docs` writes its part of docs/proof.md. Exit code 0 only when no promise was broken. A kill takes about a second.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runKills } from '../packages/server/test/kills/kill-run.ts';
import { killsSection, withKills } from '../packages/server/test/kills/kills-section.ts';

const PROGRESS_EVERY = 20;
const PAGE = new URL('../docs/proof.md', import.meta.url);

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const kills = wholeNumber('kills', values.kills);
const seed = wholeNumber('seed', values.seed);

const run = await runKills({
  kills,
  seed,
  onKill: (done) => {
    if (done % PROGRESS_EVERY === 0) console.log(`${done} of ${kills} kills`);
  },
});
console.log(`\n${killsSection(run, seed)}`);
for (const breach of run.broken.slice(0, 100)) console.log(breach);
if (run.broken.length > 0) process.exitCode = 1;
if (values['write-docs']) {
  writeFileSync(PAGE, withKills(readFileSync(PAGE, 'utf8'), killsSection(run, seed)));
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number from 1 to 999999, and is "${text}"`);
  process.exit(2);
}
