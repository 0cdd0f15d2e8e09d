import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import type { PlacedMessage } from './history.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Key-value pairs of one message (tencent-rest-message C2.12). */
export interface ExtensionPair {
  readonly key: string;
  readonly value: string;
  /** Each write of a pair takes the next number of its message. */
  readonly seq: number;
}

/** What is known of a message's pairs besides themselves. */
export interface ExtensionState {
  readonly latestSeq: number;
  /** Pairs up to here were cleared. */
  readonly clearSeq: number;
  /** The running minute, counted from 1970, and the writes in it. */
  readonly minute: number;
  readonly writes: number;
  readonly count: number;
}

export const NO_EXTENSIONS: ExtensionState = { latestSeq: 0, clearSeq: 0, minute: 0, writes: 0, count: 0 };

export type ExtensionWrite =
  | { readonly operate: 'set'; readonly pairs: readonly { readonly key: string; readonly value: string }[] }
  | { readonly operate: 'delete'; readonly keys: readonly string[] }
  | { readonly operate: 'clear' };

export interface WrittenPair {
  readonly pair: ExtensionPair;
  readonly refusal?: Refusal;
}

export interface ExtensionChange {
  readonly kind: 'change';
  readonly state: ExtensionState;
  readonly set: readonly ExtensionPair[];
  readonly deleted: readonly string[];
  readonly cleared: boolean;
  readonly pairs: readonly WrittenPair[];
}

export const MAX_EXTENSIONS = 300;
const WRITES_PER_MINUTE = 200;
const MINUTE_MS = 60_000;

/** Can this message have pairs? `supported`: it was sent with `SupportMessageExtension`. */
export function extensionRefusal(
  { groupId, type }: Group,
  msgSeq: number,
  message: { readonly state: PlacedMessage['state']; readonly supported: boolean } | undefined,
): Refusal | undefined {
  if (!GROUP_TYPE_TRAITS[type].messageExtensions) {
    return refuse(
      'PERMISSION_DENIED',
      `group "${groupId}" is of type ${type}, whose messages have no extensions`,
    );
  }
  if (message === undefined || message.state !== 'normal') {
    return refuse('EXTENSION_NOT_FOUND', `there is no message ${msgSeq}; check MsgSeq`);
  }
  if (message.supported) return undefined;
  return refuse('EXTENSION_UNSUPPORTED', `message ${msgSeq} was sent without SupportMessageExtension`);
}

/** `known`: the pairs named by the write, as far as they exist; `now` in unix ms. App admins need not know a pair's number. */
export function writeExtensions(
  before: ExtensionState,
  known: ReadonlyMap<string, ExtensionPair>,
  write: ExtensionWrite,
  now: number,
): ExtensionChange | Refusal {
  const minute = Math.floor(now / MINUTE_MS);
  const writes = before.minute === minute ? before.writes : 0;
  if (writes >= WRITES_PER_MINUTE) {
    const detail = `the extensions of this message were written ${WRITES_PER_MINUTE} times in this minute; wait for the next`;
    return refuse('EXTENSION_FREQUENCY', detail);
  }
  const counted = { ...before, minute, writes: writes + 1 };
  switch (write.operate) {
    case 'set':
      return set(counted, known, write.pairs);
    case 'delete':
      return remove(counted, known, write.keys);
    case 'clear': {
      const latestSeq = before.latestSeq + 1;
      const state = { ...counted, latestSeq, clearSeq: latestSeq, count: 0 };
      return { kind: 'change', state, set: [], deleted: [], cleared: true, pairs: [] };
    }
  }
}

function set(
  state: ExtensionState,
  known: ReadonlyMap<string, ExtensionPair>,
  wanted: readonly { readonly key: string; readonly value: string }[],
): ExtensionChange | Refusal {
  const pairs = wanted.map(({ key, value }, index) => ({ key, value, seq: state.latestSeq + index + 1 }));
  const written = new Map(pairs.map((pair) => [pair.key, pair]));
  const count = state.count + [...written.keys()].filter((key) => !known.has(key)).length;
  if (count > MAX_EXTENSIONS) {
    return refuse(
      'INVALID_PARAMETERS',
      `ExtensionList: the message would have ${count} pairs, it may have ${MAX_EXTENSIONS}`,
    );
  }
  return {
    kind: 'change',
    state: { ...state, latestSeq: state.latestSeq + pairs.length, count },
    set: [...written.values()],
    deleted: [],
    cleared: false,
    pairs: pairs.map((pair) => ({ pair })),
  };
}

function remove(
  state: ExtensionState,
  known: ReadonlyMap<string, ExtensionPair>,
  keys: readonly string[],
): ExtensionChange {
  const deleted = [...new Set(keys)].filter((key) => known.has(key));
  let latestSeq = state.latestSeq;
  const pairs = [...new Set(keys)].map((key): WrittenPair => {
    if (!known.has(key)) {
      const refusal = refuse('EXTENSION_NOT_FOUND', `the message has no extension "${key}"`);
      return { pair: { key, value: '', seq: 0 }, refusal };
    }
    latestSeq += 1;
    return { pair: { key, value: '', seq: latestSeq } };
  });
  const after = { ...state, latestSeq, count: state.count - deleted.length };
  return { kind: 'change', state: after, set: [], deleted, cleared: false, pairs };
}
