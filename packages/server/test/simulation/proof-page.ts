import { markdownTable } from '../../src/base/markdown-table.ts';
import { KILLS_PLACE, withKills } from '../kills/kills-section.ts';
import { NODES_PLACE, withNodes } from '../kills/nodes-section.ts';
import { Coverage } from './coverage.ts';
import { NODES_EVERY } from './make-node-plan.ts';
import { ALL_FAULTS } from './plan.ts';
import type { BlockResult } from './prove-blocks.ts';
import type { Catch } from './prover.ts';
import { RULES } from './violation.ts';

/** What other commands have written into the page. */
export interface OtherParts {
  readonly kills: string;
  readonly nodes: string;
}

export interface ProofPage {
  readonly proof: BlockResult;
  readonly catches: readonly Catch[];
  readonly firstSeed: number;
  /** SHA-256 of what the histories ran, in hex. */
  readonly sources: string;
  readonly parts: OtherParts;
}

/** `docs/proof.md`: what was run, what it held to, which fault met which call, and which bugs it finds. */
export function proofPage({ proof, catches, firstSeed, sources, parts }: ProofPage): string {
  const lastSeed = firstSeed + proof.histories - 1;
  const count = (number: number) => number.toLocaleString('en');
  return `# The proof

Made by \`npm run prove -- --from ${firstSeed} --seeds ${proof.histories} --write-docs\`; every number here comes out of the same seeds again.

The real dispatcher runs over the real SQLite core in a simulation: time, chance, the store's thread, the network, the receivers
and the processes are made of one seed. A fault can strike at every call of a port, a process can die at every call, and what a dead
process waited for never comes. A model with books of its own checks the rules below at every call and after every step.

One history in ${NODES_EVERY} has two or three nodes on one database: the real SQLite core plays the shared one, with a table of leases
that passes the same tests as PostgreSQL's. Each node has the real lease keeper, notifier and dispatcher, connections with delays of
their own, a wall clock that may be wrong by an hour, and a monotonic one that may run slow. Nodes are killed, stopped, replaced, cut off from
the database, and paused for longer than a lease; notices are lost, late, or switched off.

| | |
| --- | --- |
| Sources (SHA-256 of what the histories run) | \`${sources.slice(0, 16)}\` |
| Seeds | ${firstSeed} to ${lastSeed} |
| Histories | ${count(proof.histories)}, of which ${count(proof.full)} with at least 20 sends and 3 faults that struck |
| Of these with several nodes | ${count(proof.severalNodes)} |
| Messages sent | ${count(proof.sends)} |
| Faults that struck | ${count(proof.faults)} |
| Steps | ${count(proof.steps)} |
| Lost, reordered, or against any other rule | ${proof.broken.length} |

Run more with \`npm run prove -- --seeds 1000000 --keep proof.json\`; interrupted, the same command goes on there. A history that breaks a rule is printed at its shortest; \`--seed N\` runs one
again, exactly, and \`--fault NAME\` runs the seeds against one of the planted bugs.

## Rules

The numbers are those of the invariants in [delivery guarantees](delivery-guarantees.md).

${table(
  ['Rule', 'Says'],
  Object.entries(RULES).map(([rule, says]) => [rule, says]),
)}

## Planted bugs

Each is a small change in the text of one source file. A simulation that misses one is itself at fault, and its test fails.

${table(['Bug', 'What is wrong', 'Caught after', 'By the rule'], catches.map(catchRow))}

## Which fault met which call

${coverageTable(proof)}

## Processes really killed

A server process under load, killed and started again, at random moments and at the boundaries of its transactions. Senders repeat what
was not answered with the same \`Random\`; the receiver writes down what arrives. What came again after a kill had arrived shortly before
it: progress is written down every 50 ms.

${withKills(KILLS_PLACE, parts.kills)}

## Several nodes really killed

Three servers on one PostgreSQL under load. Nodes are killed, paused (SIGSTOP, for up to 9 s: longer than a lease) and stopped, and the
database is killed and restarted, often several of them at a time; each is back after up to 9 s. In the second half the nodes tell one
another nothing. Senders go to any node that is not known to be down and repeat what was not answered. Most of what arrives again was
delivered while the database was away: a node goes on with what it has read, 32 events of a lane at most, until its progress is 1 s old, and cannot write it
down; when another node has its leases after that, they come again.

${withNodes(NODES_PLACE, parts.nodes)}

## What it does not show

- The disk: SQLite's own durability is trusted here. SIGKILL does not cut the power.
- Sockets, TLS and name resolution: the sender has tests with real ones.
- Signatures: they are made on other threads, in an order that no seed decides. The encoders and the sender have tests with them.
- What several processes remember of one database: here they share the core. The tests of several writers have a real PostgreSQL
  (decision [0025](decisions/0025-what-is-remembered-is-checked.md)). A node is paused between two turns of its event loop, not within one.
- A store whose hints are overtaken by its answers, or that answers out of the order in which it was asked. The SQLite store does
  neither.
`;
}

function catchRow({ fault, after, violation }: Catch): string[] {
  const histories = after === 1 ? '1 history' : `${after} histories`;
  return [
    `\`${fault.name}\``,
    fault.bug,
    after === undefined ? '**not caught**' : histories,
    violation?.rule ?? '',
  ];
}

/** Faults of one kind of port may meet only its calls; a dash stands for what never happened. */
function coverageTable({ coverage: entries }: BlockResult): string {
  const coverage = Coverage.of(entries);
  const faults = [...new Set([...ALL_FAULTS, ...coverage.faults()])].sort();
  const rows = faults.map((fault) => {
    const met = coverage
      .calls()
      .map((call) => ({ call, count: coverage.count(fault, call) }))
      .filter(({ count }) => count > 0)
      .map(({ call, count }) => `${call} ${count.toLocaleString('en')}`);
    return [fault, met.join(', ') || '–'];
  });
  return table(['Fault', 'Met, times'], rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable([header, ...rows]);
}
