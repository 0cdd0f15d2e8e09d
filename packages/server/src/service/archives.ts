import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { BoundedMap } from '../base/bounded-map.ts';
import type { Clock } from '../base/clock.ts';
import { type ArchiveHour, archiveLine, archiveText } from '../domain/archive.ts';
import type { ArchiveGroup } from '../store/archive.ts';
import type { Store } from '../store/store.ts';
import type { ArchivePlace } from './archive-address.ts';

export interface ArchiveFile {
  readonly from: ArchivePlace;
  readonly size: number;
  readonly md5: string;
  readonly gzipSize: number;
  readonly gzipMd5: string;
}

const FIRST: ArchivePlace = { streamId: 0, msgSeq: 0 };

/** A file ends with the message that makes it this long. */
const FILE_BYTES = 1_048_576;
/** So many files, of about 400 bytes each in an answer, stay within its 1 MB. */
const MAX_FILES = 2_000;
/** Numbers of a group that one read looks through. */
const STRETCH = 2_000;
/** A caller waits so long for files that are not made yet; SDKs give up after 3 s (tencent-rest A.2). */
const WAIT_MS = 2_000;
/** What is recalled or modified later shows in the files from then on. */
const LISTED_MS = 600_000;
const HOURS_LISTED = 100;
/** Compressed files kept in memory, each much smaller than `FILE_BYTES`. */
const FILES_KEPT = 16;

const compress = promisify(gzip);

/**
 * The hourly files of group messages (tencent-rest-user D8), made from the history when they are asked for. Each begins at a place
 * that its address names, so that any process on the database makes the same file again. One hour is listed at a time.
 */
export class Archives {
  readonly #store: Pick<Store, 'archiveGroups' | 'archiveMessages'>;
  readonly #clock: Clock;
  readonly #listed = new BoundedMap<string, { readonly at: number; readonly files: readonly ArchiveFile[] }>(
    HOURS_LISTED,
  );
  readonly #kept = new BoundedMap<string, Buffer>(FILES_KEPT);
  #listing: { readonly key: string; readonly files: Promise<readonly ArchiveFile[]> } | undefined;

  constructor(store: Pick<Store, 'archiveGroups' | 'archiveMessages'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The files of an hour; undefined while they are being made. Rejects when the store fails or there are too many. */
  async files(hour: ArchiveHour): Promise<readonly ArchiveFile[] | undefined> {
    const key = `${hour.app}/${hour.name}`;
    const listed = this.#listed.get(key);
    if (listed !== undefined && this.#clock.now() - listed.at < LISTED_MS) return listed.files;
    if (this.#listing !== undefined && this.#listing.key !== key) return undefined;
    this.#listing ??= { key, files: this.#list(hour, key).finally(() => (this.#listing = undefined)) };
    return this.#within(this.#listing.files);
  }

  /** A file by its place, compressed; undefined when nothing is left there. */
  async file(hour: ArchiveHour, from: ArchivePlace): Promise<Buffer | undefined> {
    const kept = this.#kept.get(keyOf(hour, from));
    return kept ?? (await this.#make(hour, from))?.compressed;
  }

  async #within<T>(work: Promise<T>): Promise<T | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = this.#clock.setTimer(WAIT_MS, () => late.resolve(undefined));
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      timer.cancel();
      // Nobody may be left to hear that it failed; the next call tries again.
      work.catch(() => {});
    }
  }

  async #list(hour: ArchiveHour, key: string): Promise<readonly ArchiveFile[]> {
    const files: ArchiveFile[] = [];
    for (let from: ArchivePlace | undefined = FIRST; from !== undefined; ) {
      const made = await this.#make(hour, from);
      if (made === undefined) break;
      if (files.length === MAX_FILES) throw new Error(`hour ${key} has more than ${MAX_FILES} files`);
      files.push(made.file);
      from = made.next;
    }
    this.#listed.set(key, { at: this.#clock.now(), files });
    return files;
  }

  async #make(hour: ArchiveHour, from: ArchivePlace) {
    const lines: string[] = [];
    let bytes = 0;
    let next: ArchivePlace | undefined;
    for await (const { line, place } of this.#lines(hour, from)) {
      lines.push(line);
      bytes += Buffer.byteLength(line);
      if (bytes < FILE_BYTES) continue;
      next = place;
      break;
    }
    if (lines.length === 0) return undefined;
    const text = Buffer.from(archiveText(hour, lines));
    const compressed = await compress(text);
    this.#kept.set(keyOf(hour, from), compressed);
    const sums = { md5: md5(text), gzipSize: compressed.length, gzipMd5: md5(compressed) };
    return { file: { from, size: text.length, ...sums }, compressed, next };
  }

  /** The messages after a place, group by group; `place` is that of what follows the line. */
  async *#lines(hour: ArchiveHour, from: ArchivePlace) {
    for await (const group of this.#groups(hour, from.streamId)) {
      const { streamId, groupId, topicId, nextMsgSeq } = group;
      const names = topicId === undefined ? { groupId } : { groupId, topicId };
      let after = streamId === from.streamId ? from.msgSeq : 0;
      for (; after < nextMsgSeq - 1; after += STRETCH) {
        const messages = await this.#store.archiveMessages({
          streamId,
          afterMsgSeq: after,
          throughMsgSeq: after + STRETCH,
          fromTime: hour.from,
          toTime: hour.to,
        });
        for (const message of messages) {
          yield { line: archiveLine({ ...names, ...message }), place: { streamId, msgSeq: message.msgSeq } };
        }
      }
    }
  }

  async *#groups({ app, from }: ArchiveHour, firstStream: number): AsyncGenerator<ArchiveGroup> {
    for (let fromStream: number | undefined = firstStream; fromStream !== undefined; ) {
      const page = await this.#store.archiveGroups({ app, activeSince: Math.floor(from / 1000), fromStream });
      yield* page.groups;
      fromStream = page.nextStream;
    }
  }
}

function keyOf({ app, name }: ArchiveHour, { streamId, msgSeq }: ArchivePlace): string {
  return `${app}/${name}/${streamId}/${msgSeq}`;
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
