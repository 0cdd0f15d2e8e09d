import type { Group } from '../../domain/group.ts';
import { type ExtensionPair, type ExtensionState, NO_EXTENSIONS } from '../../domain/message-extensions.ts';
import { countedNow, departuresOf, type OrdinalMember, placeOf } from '../../domain/receipts.ts';
import type {
  ExtensionsPage,
  ExtensionsQuery,
  ReceiptMembersPage,
  ReceiptMembersQuery,
  ReceiptsPage,
  ReceiptsQuery,
} from '../message-reads.ts';
import { chunkRange, pageOf, readers } from '../sqlite/message-queries.ts';
import { MESSAGE_STATE, messageStateOf } from '../sqlite/messages.ts';
import { receiptOf } from '../sqlite/receipts.ts';
import { int8s } from './arrays.ts';
import { EXTENSION_STATE } from './extensions.ts';
import { GROUP_COLUMNS, groupOf } from './known-group.ts';
import type { Pool } from './pool.ts';
import { MEMBERS_BETWEEN } from './receipts.ts';
import { type Row, rowAs, statement } from './statement.ts';

const GROUP = statement(
  `SELECT ${GROUP_COLUMNS} FROM chat_group g JOIN stream s ON s.id = g.stream_id
   WHERE g.app = $1 AND g.group_id = $2 AND g.destroyed_at IS NULL`,
);
/** A message that was recalled has none any more. */
const RECEIPTS = statement(
  `SELECT r.msg_seq, r.sender, r.before_ordinal, r.recipients, r.read_num, r.targets, r.departures FROM receipt r
   JOIN message m ON m.stream_id = r.stream_id AND m.msg_seq = r.msg_seq AND m.state = 'normal'
   WHERE r.stream_id = $1 AND r.msg_seq = ANY ($2::int8[])`,
);
const BITS = statement('SELECT bits FROM receipt_bits WHERE stream_id = $1 AND msg_seq = $2 AND chunk = $3');
const ALL_BITS = statement(
  'SELECT msg_seq, chunk, bits FROM receipt_bits WHERE stream_id = $1 AND msg_seq = ANY ($2::int8[])',
);
const MEMBERS = statement(MEMBERS_BETWEEN);
const MESSAGE = statement(`SELECT ${MESSAGE_STATE} FROM message WHERE stream_id = $1 AND msg_seq = $2`);
const STATE = statement(EXTENSION_STATE);
const PAIRS = statement(
  `SELECT key, value, seq FROM extension WHERE stream_id = $1 AND msg_seq = $2 AND seq >= $3 ORDER BY seq LIMIT $4`,
);

/** What hangs on messages, for the REST API. */
export class MessageQueries {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async receipts({ app, groupId, msgSeqs }: ReceiptsQuery): Promise<ReceiptsPage | undefined> {
    const [row] = await this.#pool.rows<Row>(GROUP, app, groupId);
    if (row === undefined) return undefined;
    const group = groupOf(row);
    const receipts = await this.#receipts(group.streamId, msgSeqs);
    const nextOrdinal = row.next_ordinal as number;
    const departures = departuresOf({ nextOrdinal, memberNum: group.memberNum });
    if (receipts.every((receipt) => receipt.departures === departures)) return { group, receipts };
    const [members, bits] = await Promise.all([
      this.#pool.rows<OrdinalMember>(MEMBERS, group.streamId, 0, nextOrdinal),
      this.#pool.rows<{ msg_seq: number; chunk: number; bits: string }>(
        ALL_BITS,
        group.streamId,
        int8s(receipts.map(({ msgSeq }) => msgSeq)),
      ),
    ]);
    const bitsAt = new Map(bits.map((one) => [`${one.msg_seq}/${one.chunk}`, one.bits]));
    const counted = receipts.map((receipt) => {
      const bitsOf = (chunk: number) => bitsAt.get(`${receipt.msgSeq}/${chunk}`) ?? '';
      return countedNow(receipt, departures, { members: () => members, bitsOf });
    });
    return { group, receipts: counted };
  }

  async receiptMembers(query: ReceiptMembersQuery): Promise<ReceiptMembersPage | undefined> {
    const { app, groupId, msgSeq, read, after, limit } = query;
    const group = await this.#group(app, groupId);
    if (group === undefined) return undefined;
    const { streamId } = group;
    const [receipt] = await this.#receipts(streamId, [msgSeq]);
    if (receipt === undefined) return { group, found: false, userIds: [], next: 0 };
    const found: OrdinalMember[] = [];
    const last = placeOf(receipt.beforeOrdinal).chunk;
    for (let { chunk } = placeOf(after + 1); chunk <= last && found.length <= limit; chunk += 1) {
      const { from, to } = chunkRange(chunk, after, receipt);
      const [members, [row]] = await Promise.all([
        this.#pool.rows<OrdinalMember>(MEMBERS, streamId, from, to),
        this.#pool.rows<{ bits: string }>(BITS, streamId, msgSeq, chunk),
      ]);
      found.push(...readers(members, { receipt, bits: row?.bits ?? '', read }));
    }
    return { group, found: true, ...pageOf(found, limit) };
  }

  async extensions(query: ExtensionsQuery): Promise<ExtensionsPage | undefined> {
    const { app, groupId, msgSeq, from, limit } = query;
    const group = await this.#group(app, groupId);
    if (group === undefined) return undefined;
    const { streamId } = group;
    const [[row], [state], pairs] = await Promise.all([
      this.#pool.rows<Row>(MESSAGE, streamId, msgSeq),
      this.#pool.rows<ExtensionState>(STATE, streamId, msgSeq),
      this.#pool.rows<ExtensionPair>(PAIRS, streamId, msgSeq, from, limit + 1),
    ]);
    const message = row === undefined ? undefined : messageStateOf(rowAs(row));
    const supported = message?.content.extra?.supportMessageExtension === true;
    return {
      group,
      ...(message === undefined ? {} : { message: { state: message.state, supported } }),
      state: state ?? NO_EXTENSIONS,
      pairs: pairs.slice(0, limit),
      more: pairs.length > limit,
    };
  }

  async #receipts(streamId: number, msgSeqs: readonly number[]): Promise<ReceiptsPage['receipts']> {
    const rows = await this.#pool.rows<Row>(RECEIPTS, streamId, int8s(msgSeqs));
    return rows.map((row) => ({ ...receiptOf(rowAs(row)), msgSeq: row.msg_seq as number }));
  }

  async #group(app: number, groupId: string): Promise<Group | undefined> {
    const [row] = await this.#pool.rows<Row>(GROUP, app, groupId);
    return row === undefined ? undefined : groupOf(row);
  }
}
