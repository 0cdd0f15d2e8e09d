import { createHash } from 'node:crypto';
import { StoreError } from './errors.ts';
import { type Difference, differences } from './move-differences.ts';
import {
  type Identity,
  keyOf,
  type MovedTable,
  type MoveSide,
  type MoveTarget,
  type Row,
} from './move-side.ts';

export interface MoveOptions {
  /** Throw away what an unfinished move has left in the target, and begin again. */
  readonly restart?: boolean;
  /** Copy nothing: compare the two as they stand. */
  readonly compareOnly?: boolean;
  /** Ends the move between two pages; it can be gone on with later. */
  readonly signal?: AbortSignal;
  onProgress?(progress: MoveProgress): void;
}

export interface MoveProgress {
  readonly step: 'copy' | 'compare';
  readonly table: string;
  /** Rows of all tables, of this step. */
  readonly done: number;
  readonly total: number;
}

export interface MovedRows {
  readonly table: string;
  readonly rows: number;
  /** Of these, copied by this call. */
  readonly copied: number;
  /** SHA-256 over the rows in the order of their key, the same on both sides; hex. */
  readonly sha256: string;
}

export interface MoveResult extends Identity {
  readonly tables: readonly MovedRows[];
}

/** So many differences are named. */
const NAMED = 10;

/**
 * Copies all state from one store to the other, compares every row of both, and only then lets a server open the target. What is
 * copied goes in the order of each table's key, so the target's own last row says where to go on after an interruption.
 * Throws StoreError: not-empty, unfinished, differs, interrupted, and what the two databases may fail with.
 */
export async function move(
  source: MoveSide,
  target: MoveTarget,
  options: MoveOptions = {},
): Promise<MoveResult> {
  const { identity } = source;
  if (identity === undefined)
    throw new StoreError(
      'older-version',
      `${source.label}: no server has used this database: there is nothing to move`,
    );
  const tables = sameTables(source, target);
  const counts = new Map<string, number>();
  for (const table of tables) counts.set(table.name, await source.count(table));
  const total = [...counts.values()].reduce((sum, rows) => sum + rows, 0);
  const copied =
    options.compareOnly === true
      ? new Map<string, number>()
      : await copyAll({ source, target, tables, identity, total, options });
  const compared = await compareAll({ source, target, tables, total, options });
  if (options.compareOnly !== true) await target.finish(identity);
  return {
    ...identity,
    tables: compared.map((one) => ({ ...one, copied: copied.get(one.table) ?? 0 })),
  };
}

interface Work {
  readonly source: MoveSide;
  readonly target: MoveTarget;
  readonly tables: readonly MovedTable[];
  readonly total: number;
  readonly options: MoveOptions;
}

/** A table or a column that one store has and the other lacks is a mistake of ours, which a test finds; nothing is left behind. */
export function sameTables(
  source: Pick<MoveSide, 'tables'>,
  target: Pick<MoveSide, 'tables'>,
): readonly MovedTable[] {
  const shape = ({ name, columns, key }: MovedTable) => `${name}(${columns.join(', ')}; ${key.join(', ')})`;
  const theirs = target.tables.map(shape);
  const ours = source.tables.map(shape);
  const lonely = [
    ...ours.filter((one) => !theirs.includes(one)),
    ...theirs.filter((one) => !ours.includes(one)),
  ];
  if (lonely.length > 0)
    throw new StoreError(
      'internal',
      `the two stores keep different things (OWN_TABLES, OWN_COLUMNS and KEPT_ELSEWHERE of store/*/move-side.ts say which may): ${lonely.join('; ')}`,
    );
  return source.tables;
}

async function copyAll({ source, target, tables, identity, total, options }: Work & { identity: Identity }) {
  await prepareTarget(target, source, identity, options.restart === true);
  const copied = new Map<string, number>();
  let done = 0;
  for (const table of tables) {
    const after = await target.lastKey(table);
    if (after !== undefined) done += await target.count(table);
    let rows = 0;
    // While one page is written the next is read.
    let writing: Promise<void> = Promise.resolve();
    for await (const page of source.pages(table, after)) {
      await writing;
      stopIfAsked(options.signal);
      writing = target.write(table, page);
      writing.catch(() => {});
      rows += page.length;
      done += page.length;
      options.onProgress?.({ step: 'copy', table: table.name, done, total });
    }
    await writing;
    copied.set(table.name, rows);
  }
  return copied;
}

/** Only an empty database is written to, or one that holds the beginning of this very move. */
async function prepareTarget(
  target: MoveTarget,
  source: MoveSide,
  identity: Identity,
  restart: boolean,
): Promise<void> {
  const { unfinished, label } = target;
  if (unfinished === undefined) {
    for (const table of target.tables) {
      if ((await target.lastKey(table)) === undefined) continue;
      throw new StoreError(
        'not-empty',
        `${label}: the database is in use: its table ${table.name} has rows. Move into an empty one`,
      );
    }
  } else if (restart) await target.clear();
  else if (unfinished.installId !== identity.installId || unfinished.generation !== identity.generation)
    throw new StoreError(
      'unfinished',
      `${label}: it holds the beginning of a move from another state than that of ${source.label} now: another installation, or a server was started there in between. Begin again with --restart`,
    );
  await target.begin(identity);
}

async function compareAll({
  source,
  target,
  tables,
  total,
  options,
}: Work): Promise<Omit<MovedRows, 'copied'>[]> {
  const compared: Omit<MovedRows, 'copied'>[] = [];
  const found: string[] = [];
  let before = 0;
  for (const table of tables) {
    const hash = createHash('sha256');
    let rows = 0;
    const onRows = (page: readonly Row[]) => {
      stopIfAsked(options.signal);
      hash.update(page.map((row) => `${JSON.stringify(row)}\n`).join(''));
      rows += page.length;
      options.onProgress?.({ step: 'compare', table: table.name, done: before + rows, total });
    };
    for await (const difference of differences(table, source.pages(table), target.pages(table), onRows)) {
      found.push(await told(difference, table, source, target));
      if (found.length >= NAMED) break;
    }
    if (found.length >= NAMED) break;
    before += rows;
    compared.push({ table: table.name, rows, sha256: hash.digest('hex') });
  }
  if (found.length === 0) return compared;
  throw new StoreError(
    'differs',
    `the two databases differ (the first ${found.length}):\n  ${found.join('\n  ')}\nNobody may write to either while it is moved. Begin again with --restart`,
  );
}

async function told(
  { kind, row }: Difference,
  table: MovedTable,
  source: MoveSide,
  target: MoveSide,
): Promise<string> {
  const key = table.key.map((name, n) => `${name} ${keyOf(table)(row)[n]}`).join(', ');
  const place = table.columns.indexOf('stream_id');
  const streamId = table.name === 'stream' ? row[table.columns.indexOf('id')] : row[place];
  const group =
    typeof streamId === 'number'
      ? ((await source.groupOf(streamId)) ?? (await target.groupOf(streamId)))
      : undefined;
  const of = group === undefined ? '' : ` of group ${group}`;
  const what = {
    missing: 'is missing in the target',
    extra: 'is in the target alone',
    changed: 'is not the same',
  };
  return `${table.name}${of}: the row with ${key} ${what[kind]}`;
}

function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new StoreError('interrupted', 'stopped; the same command goes on where it ended');
}
