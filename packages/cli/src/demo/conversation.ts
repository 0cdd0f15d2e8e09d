import type { MsgElement } from '@confab-im/protocol';

export const USERS = [
  { UserID: 'alice', Nick: 'Alice' },
  { UserID: 'bob', Nick: 'Bob' },
  { UserID: 'chen', Nick: 'Chen' },
] as const;

export const GROUP = {
  GroupId: 'lobby',
  Type: 'Public',
  Name: 'Lobby',
  Owner_Account: 'alice',
  MemberList: [{ Member_Account: 'bob' }, { Member_Account: 'chen' }],
} as const;

type UserId = (typeof USERS)[number]['UserID'];

/** What one user says, as `send_group_msg` takes it (tencent-rest-message C2.1). */
export interface Line {
  readonly From_Account: UserId;
  readonly MsgBody: readonly MsgElement[];
  readonly GroupAtInfo?: readonly { GroupAtAllFlag: 0 | 1; GroupAt_Account?: UserId }[];
}

/** Lines of one start; the next start goes on with the next ones. */
const LINES_PER_START = 6;

const LINES: readonly Line[] = [
  say('alice', 'Morning! The release candidate is up. Who looks at the webhooks?'),
  say('bob', 'Me. My handler writes every message into a database of ours.'),
  say('chen', 'And if one goes missing?'),
  say('bob', 'Then MsgSeq has a hole. It counts 1, 2, 3 … and I would see it.'),
  {
    From_Account: 'alice',
    MsgBody: [
      { MsgType: 'TIMCustomElem', MsgContent: { Data: '{"ticket":4711}', Desc: 'Ticket 4711: webhooks' } },
    ],
  },
  {
    From_Account: 'chen',
    MsgBody: [
      { MsgType: 'TIMTextElem', MsgContent: { Text: '@bob good. 你好 from Shenzhen ' } },
      { MsgType: 'TIMFaceElem', MsgContent: { Index: 1, Data: 'smile' } },
    ],
    GroupAtInfo: [{ GroupAtAllFlag: 0, GroupAt_Account: 'bob' }],
  },
  say('bob', 'I stopped the server in the middle of all this and started it again.'),
  say('chen', 'Did you lose anything?'),
  say('bob', 'No. Same group, and the numbers go on where they ended.'),
  {
    From_Account: 'alice',
    MsgBody: [
      {
        MsgType: 'TIMLocationElem',
        MsgContent: { Desc: 'Meeting room 3', Latitude: 22.5431, Longitude: 114.0579 },
      },
    ],
  },
  say('alice', 'Then we ship today. Come over, there is cake.'),
  say('chen', 'On my way!'),
];

function say(from: UserId, text: string): Line {
  return { From_Account: from, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }] };
}

/** The lines of one start. `next` is the number that the group gives to its next message: 1 in a new group. */
export function linesFor(next: number): readonly Line[] {
  const start = (next - 1) % LINES.length;
  return Array.from({ length: LINES_PER_START }, (_, i) => LINES[(start + i) % LINES.length]).filter(
    (line) => line !== undefined,
  );
}
