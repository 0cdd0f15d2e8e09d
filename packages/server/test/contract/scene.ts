import type { Call } from './contract.ts';

/** Accounts that exist in every case. */
export const ACCOUNTS = ['owner', 'u1', 'u2', 'u3', 'u4', 'u5'] as const;

export const ACCOUNT_SERVICE = 'im_open_login_svc';

/** A group of `owner` with these members, named by its id. */
export function group(Type: string, GroupId: string, ...memberIds: readonly string[]): Call {
  const MemberList = members(...memberIds);
  return [
    'create_group',
    { Type, GroupId, Name: GroupId, Owner_Account: 'owner', ...(memberIds.length > 0 && { MemberList }) },
  ];
}

/** A group without members of its own, in which the fields can be chosen. */
export function groupWith(Type: string, GroupId: string, fields: object): Call {
  return ['create_group', { Type, GroupId, Name: GroupId, Owner_Account: 'owner', ...fields }];
}

export function members(...names: readonly string[]): { readonly Member_Account: string }[] {
  return names.map((Member_Account) => ({ Member_Account }));
}

export function text(
  Text: string,
): readonly { readonly MsgType: string; readonly MsgContent: { readonly Text: string } }[] {
  return [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
}

/** A message of `From_Account`; `Random` is made of the text, so that equal texts are repetitions. */
export function message(GroupId: string, From_Account: string, Text: string): Call {
  const Random = [...Text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 2 ** 31, 7);
  return ['send_group_msg', { GroupId, From_Account, Random, MsgBody: text(Text) }];
}

export const TOWN = '@TGS#_town';
export const NEWS = `${TOWN}@TOPIC#_news`;

/** A Community of `owner` and these members, with one topic. */
export function townWithTopics(...memberIds: readonly string[]): readonly Call[] {
  return [
    groupWith('Community', TOWN, { SupportTopic: 1, MemberList: members(...memberIds) }),
    ['million_group_open_http_svc/create_topic', { GroupId: TOWN, TopicId: NEWS, TopicName: 'n' }],
  ];
}

/** The same call, about that topic. */
export function inTopic([command, body]: Call): Call {
  return [command, { ...body, TopicId: NEWS }];
}
