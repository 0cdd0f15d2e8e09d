import { NO_EXTENSIONS } from '../../domain/message-extensions.ts';
import {
  CHUNK_BITS,
  countedNow,
  hasBit,
  isRecipient,
  type OrdinalMember,
  placeOf,
  type ReceiptState,
} from '../../domain/receipts.ts';
import type {
  ExtensionsPage,
  ExtensionsQuery,
  ReceiptMembersPage,
  ReceiptMembersQuery,
  ReceiptsPage,
  ReceiptsQuery,
} from '../message-reads.ts';
import { departures, membersOf } from './apply/receipts.ts';
import type { SqliteTables } from './tables.ts';

/** What hangs on messages, for the REST API. */
export class MessageQueries {
  readonly #tables: SqliteTables;

  constructor(tables: SqliteTables) {
    this.#tables = tables;
  }

  receipts({ app, groupId, msgSeqs }: ReceiptsQuery): ReceiptsPage | undefined {
    const state = this.#tables.groups.get(app, groupId);
    if (state === undefined) return undefined;
    const { group } = state;
    const members = membersOf(this.#tables, state);
    const receipts = msgSeqs.flatMap((msgSeq) => {
      const receipt = this.#receipt(group.streamId, msgSeq);
      if (receipt === undefined) return [];
      const bitsOf = (chunk: number) => this.#tables.receipts.bits(group.streamId, msgSeq, chunk);
      return [{ ...countedNow(receipt, departures(state), { members, bitsOf }), msgSeq }];
    });
    return { group, receipts };
  }

  receiptMembers({
    app,
    groupId,
    msgSeq,
    read,
    after,
    limit,
  }: ReceiptMembersQuery): ReceiptMembersPage | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    const { streamId } = group;
    const receipt = this.#receipt(streamId, msgSeq);
    if (receipt === undefined) return { group, found: false, userIds: [], next: 0 };
    const found: OrdinalMember[] = [];
    const last = placeOf(receipt.beforeOrdinal).chunk;
    for (let { chunk } = placeOf(after + 1); chunk <= last && found.length <= limit; chunk += 1) {
      const { from, to } = chunkRange(chunk, after, receipt);
      const bits = this.#tables.receipts.bits(streamId, msgSeq, chunk);
      found.push(...readers(this.#tables.receipts.members(streamId, from, to), { receipt, bits, read }));
    }
    return { group, found: true, ...pageOf(found, limit) };
  }

  extensions({ app, groupId, msgSeq, from, limit }: ExtensionsQuery): ExtensionsPage | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    const { streamId } = group;
    const message = this.#tables.messages.get(streamId, msgSeq);
    const pairs = this.#tables.extensions.page(streamId, msgSeq, from, limit + 1);
    const supported = message?.content.extra?.supportMessageExtension === true;
    return {
      group,
      ...(message === undefined ? {} : { message: { state: message.state, supported } }),
      state: this.#tables.extensions.state(streamId, msgSeq) ?? NO_EXTENSIONS,
      pairs: pairs.slice(0, limit),
      more: pairs.length > limit,
    };
  }

  /** A message that was recalled has none any more. */
  #receipt(streamId: number, msgSeq: number): ReceiptState | undefined {
    const receipt = this.#tables.receipts.get(streamId, msgSeq);
    return receipt !== undefined && this.#tables.messages.get(streamId, msgSeq)?.state === 'normal'
      ? receipt
      : undefined;
  }
}

/** The ordinals of a chunk that are wanted, both ends exclusive. */
export function chunkRange(
  chunk: number,
  after: number,
  { beforeOrdinal }: ReceiptState,
): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(after, chunk * CHUNK_BITS - 1),
    to: Math.min(beforeOrdinal, (chunk + 1) * CHUNK_BITS),
  };
}

/** Those of a chunk who were to read the message, and have or have not. */
export function readers(
  members: readonly OrdinalMember[],
  of: { readonly receipt: ReceiptState; readonly bits: string; readonly read: boolean },
): OrdinalMember[] {
  return members.filter(
    ({ user_id, ordinal }) =>
      isRecipient(of.receipt, user_id, ordinal) && hasBit(of.bits, placeOf(ordinal).bit) === of.read,
  );
}

export function pageOf(
  found: readonly OrdinalMember[],
  limit: number,
): { readonly userIds: readonly string[]; readonly next: number } {
  const page = found.slice(0, limit);
  return {
    userIds: page.map((row) => row.user_id),
    next: found.length > limit ? (page.at(-1)?.ordinal ?? 0) : 0,
  };
}
