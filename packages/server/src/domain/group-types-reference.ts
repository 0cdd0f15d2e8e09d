import type { GroupType } from '@confab-im/protocol';
import { markdownTable } from '../base/markdown-table.ts';
import { GROUP_TYPE_TRAITS, type GroupTypeTraits, type Right, type Tip } from './group-types.ts';
import { DEFAULT_RULES } from './rules.ts';

type Line = readonly [what: string, says: (traits: GroupTypeTraits, type: GroupType) => string];

const TYPES = Object.entries(GROUP_TYPE_TRAITS) as [GroupType, GroupTypeTraits][];

const yes = (of: (traits: GroupTypeTraits) => boolean): Line[1] => {
  return (traits) => (of(traits) ? 'yes' : '–');
};
const WHO = { Owner: 'owner', Admin: 'owner, admin', Member: 'any member', nobody: '–' };
const who = (of: (traits: GroupTypeTraits) => Right): Line[1] => {
  return (traits) => WHO[of(traits) ?? 'nobody'];
};
const TIPS: Readonly<Record<Tip, string>> = { stored: 'in history', pushed: 'online only', none: '–' };
const tip = (of: (traits: GroupTypeTraits) => Tip): Line[1] => {
  return (traits) => TIPS[of(traits)];
};
const code = (of: (traits: GroupTypeTraits) => string): Line[1] => {
  return (traits) => (of(traits) === '' ? '–' : `\`${of(traits)}\``);
};

const LINES: readonly (readonly [title: string, lines: readonly Line[]])[] = [
  [
    'Names',
    [
      ['Newer name, also accepted', code((traits) => traits.newerName)],
      ['Ids begin with', code((traits) => traits.idPrefix)],
    ],
  ],
  [
    'Members and rights',
    [
      ['Members are kept', yes((traits) => traits.membersStored)],
      ['Admins', yes((traits) => traits.adminsAllowed)],
      ['Edit name, introduction, notice, avatar', who((traits) => traits.editProfile)],
      ['Edit the rest of the profile', who((traits) => traits.editSettings)],
      ['Remove members', who((traits) => traits.kick)],
      ['Mute a member', who((traits) => traits.mute)],
      ['Mute everybody', () => 'yes'],
      ['Ban a user', yes((traits) => traits.banList)],
      ['Disband', who((traits) => traits.disband)],
      ['The owner may leave; the group then has none', yes((traits) => traits.ownerMayLeave)],
    ],
  ],
  [
    'Joining',
    [
      ['Join by applying', (traits) => applying(traits)],
      ['Members bring in others without asking', yes((traits) => traits.membersInvite)],
      ['`InviteJoinOption` can be set', yes((traits) => traits.inviteJoinOptionUsable)],
      ['Added by REST', yes((traits) => traits.membersStored)],
      ['Members, at most', (_, type) => DEFAULT_RULES.maxMembers[type].toLocaleString('en')],
    ],
  ],
  [
    'Messages',
    [
      ['History', yes((traits) => traits.historyStored)],
      ['Who joins sees what was sent before', yes((traits) => traits.historyBeforeJoin)],
      ['`HistoryMsgBeforeJoin` can be set', yes((traits) => traits.historyBeforeJoinUsable)],
      ['Unread messages are counted', yes((traits) => traits.unreadCounted)],
      ['Offline push', yes((traits) => traits.offlinePush)],
      ['Read receipts', yes((traits) => traits.readReceipts)],
      ['Message extensions', yes((traits) => traits.messageExtensions)],
      ['Recall', yes((traits) => traits.recall)],
      ['Messages for some members (`To_Account`)', yes((traits) => traits.targetedMessages)],
      ['Mention of everybody', yes((traits) => traits.atAll)],
      ['`OnlineOnlyFlag`', yes((traits) => traits.onlineOnlyMessages)],
      ['Invisible until the first message', yes((traits) => traits.activatedByFirstMessage)],
    ],
  ],
  [
    'Tips of the system',
    [
      ['Joining and leaving', tip((traits) => traits.joinTip)],
      ['Name, introduction, notice, avatar, owner', tip((traits) => traits.profileTip)],
      ['Mutes of members, admins', tip((traits) => traits.memberTip)],
      ['Mute of everybody, join options', () => '–'],
    ],
  ],
  [
    'What else there is',
    [
      ['Imports', yes((traits) => traits.importable)],
      ['Attributes', yes((traits) => traits.attributes)],
      ['Counters', yes((traits) => traits.counters)],
      ['Topics', yes((traits) => traits.topics)],
      ['Online count, online list, marks, broadcast', yes((traits) => traits.live)],
    ],
  ],
];

function applying({ applyJoinOptionUsable, fixedApplyJoinOption }: GroupTypeTraits): string {
  if (applyJoinOptionUsable) return 'as `ApplyJoinOption` says';
  return fixedApplyJoinOption === 'FreeAccess' ? 'yes' : '–';
}

const HEAD = `# Group types

This page is made from the table in \`packages/server/src/domain/group-types.ts\`, by which the server decides, and by \`scripts/docs.ts\`; a
test fails when they differ. The types stand under the names that the wire answers with; requests may use the newer ones too.

An app admin, and with that every caller of the REST API, has the rights of an owner in every group, as a member or not. The roles below
are about the members themselves. What a type does not have is refused with 10007, unless the command documents another code
(\`NoUnread\` and @all 10004) or that it counts for nothing (\`OnlineOnlyFlag\` and \`MaxMemberNum\` in an AVChatRoom). A setting that a
type does not have can be sent with the value that holds anyway, as SDKs do that send back what they have read; \`create_group\` and
\`import_group\` leave such settings out.

The limits are the defaults of \`limits\` in the [configuration](configuration.md).
`;

const TAIL = `## What a tip is

"In history" takes a \`MsgSeq\` and is answered by \`group_msg_get_simple\` with \`IsSystemMsg\` 1. "Online only" is for who is connected;
nobody can be yet, so nobody is shown it. Webhooks tell of a change whether there is a tip of it or not, and of the tip itself nothing.
\`send_group_system_notification\` and \`send_broadcast_msg\` are online only too: in no history, without a \`MsgSeq\` of the group, and
without a webhook.

## Groups without an owner

A group has no owner (\`Owner_Account\` is empty) when it was created without one, when the owner of a Private group leaves or is removed,
and when the owner's account is deleted (\`account_delete\`, which takes an account out of its groups of every type as if it quit). Nobody
inherits it. App backends are told by \`Group.CallbackAfterMemberExit\` and, after it,
\`Group.CallbackAfterChangeGroupOwner\` with an empty \`NewOwner_Account\`; members see the tip of the departure. \`change_group_owner\`
appoints the next one. An AVChatRoom, whose owner cannot be changed, keeps the name of its owner.

## Invitations

\`InviteJoinOption\` is kept and answered. It is about members who invite from a client: \`NeedPermission\` asks owner
and admins first, \`DisableInvite\` forbids it. No client can connect to this server yet, so nobody invites and no approval is ever due:
there is no REST API for inviting in a member's name, nor for approving. \`add_group_member\` is the app admin, who adds without asking
anybody whatever \`InviteJoinOption\` and \`ApplyJoinOption\` say; its \`Result\` is never 3 (waiting for approval). App backends have
their say by \`Group.CallbackBeforeInviteJoinGroup\` ([Before-webhooks](before-webhooks.md)).
\`Group.CallbackBeforeApplyJoinGroup\` is for client applications alone, and so is not asked yet.
`;

/** docs/group-types.md, out of the table. */
export function groupTypesMarkdown(): string {
  const section = ([title, lines]: (typeof LINES)[number]): string =>
    `## ${title}\n\n${markdownTable([
      ['', ...TYPES.map(([type]) => type)],
      ...lines.map(([what, says]) => [what, ...TYPES.map(([type, traits]) => says(traits, type))]),
    ])}\n`;
  return [HEAD, ...LINES.map(section), TAIL].join('\n');
}
