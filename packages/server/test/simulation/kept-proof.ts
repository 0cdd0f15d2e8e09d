import { createHash } from 'node:crypto';
import { globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockResult } from './prove-blocks.ts';

const ROOT = join(import.meta.dirname, '../../../..');
/** All that a history runs: the system under test and the simulation around it. */
const SOURCES = [
  'packages/protocol/src/**/*.ts',
  'packages/server/src/{base,domain,store,webhook}/**/*.{ts,sql}',
  'packages/server/src/cluster-node.ts',
  'packages/server/test/simulation/**/*.ts',
];

interface Subject {
  readonly sources: string;
  readonly from: number;
}

/** A file in which a long proof keeps what it has come to, so that it goes on there when it was interrupted. */
export class KeptProof {
  readonly #file: string;
  /** What it is a proof of. */
  readonly #of: Subject;

  constructor(file: string, from: number, sources: string = sourcesDigest()) {
    this.#file = file;
    this.#of = { sources, from };
  }

  /** Undefined: there is no such file yet. Throws when it is about other sources or other seeds. */
  read(): BlockResult | undefined {
    const text = this.#text();
    if (text === undefined) return undefined;
    const { sources, from, proof } = this.#parse(text);
    if (sources !== this.#of.sources)
      throw new Error(`${this.#file} was made of other sources; remove it, or name another file`);
    if (from !== this.#of.from)
      throw new Error(
        `${this.#file} begins with seed ${from}; go on with --from ${from}, or name another file`,
      );
    return proof;
  }

  write(proof: BlockResult): void {
    const unfinished = `${this.#file}.new`;
    writeFileSync(unfinished, JSON.stringify({ ...this.#of, proof }));
    renameSync(unfinished, this.#file);
  }

  #parse(text: string): Subject & { readonly proof: BlockResult } {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${this.#file} holds no proof; name another file`);
    }
  }

  #text(): string | undefined {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** The same for the same sources, wherever they lie: SHA-256 of their paths and texts, in hex. Tests are left out. */
export function sourcesDigest(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  for (const path of files.filter((file) => !file.endsWith('.test.ts')).sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  return hash.digest('hex');
}
