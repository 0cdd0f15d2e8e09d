import type { Case, Contract } from './contract.ts';
import type { Pattern } from './pattern.ts';
import { group } from './scene.ts';

const S = 'group_open_http_svc';
const COMMUNITY = '@TGS#_town';

const pair = (key: string, value: string) => ({ key, value });
const set = (...GroupAttr: readonly object[]) => ['set_group_attr', { GroupId: 'g', GroupAttr }] as const;
const given = [group('Public', 'g'), set(pair('a', '1'), pair('b', '2'))];
const afterwards = (...GroupAttrAry: readonly Pattern[]) =>
  [['get_group_attr', { GroupId: 'g' }, { GroupAttrAry: GroupAttrAry }]] as const;
const race = { AttrMainSeq: 0, AttrControl: ['RaceConflict'] };
const many = Array.from({ length: 17 }, (_, i) => pair(`k${i}`, 'v'));

/** What `set_group_attr` and `modify_group_attr` refuse alike. */
const writing: readonly Case[] = [
  { title: 'no list', given, request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
  {
    title: 'an empty key',
    given,
    request: { GroupId: 'g', GroupAttr: [pair('', 'v')] },
    refused: 'INVALID_PARAMETERS',
  },
  {
    title: 'no value',
    given,
    request: { GroupId: 'g', GroupAttr: [{ key: 'k' }] },
    refused: 'INVALID_PARAMETERS',
  },
  {
    title: 'no such group',
    request: { GroupId: 'nope', GroupAttr: [pair('k', 'v')] },
    refused: 'GROUP_NOT_FOUND',
  },
  { title: 'an id that is none', request: { GroupId: 'é', GroupAttr: [] }, refused: 'INVALID_GROUP_ID' },
  {
    title: 'a key of 33 bytes',
    given,
    request: { GroupId: 'g', GroupAttr: [pair('一'.repeat(11), 'v')] },
    refused: 'ATTRIBUTE_KEY_TOO_LONG',
  },
  {
    title: 'a value of 4,001 bytes',
    given,
    request: { GroupId: 'g', GroupAttr: [pair('k', 'v'.repeat(4_001))] },
    refused: 'ATTRIBUTE_VALUE_TOO_LONG',
  },
  { title: '17 keys', given, request: { GroupId: 'g', GroupAttr: many }, refused: 'TOO_MANY_ATTRIBUTES' },
  {
    title: '16,004 bytes of values',
    given,
    request: {
      GroupId: 'g',
      GroupAttr: ['p', 'q', 'r', 's'].map((key) => pair(key, 'v'.repeat(4_000))).concat(pair('t', '1234')),
    },
    refused: 'ATTRIBUTES_TOO_LONG',
  },
  {
    title: 'a sixth write in a second',
    given: [...given, ...Array.from({ length: 4 }, () => set(pair('a', '1')))],
    request: { GroupId: 'g', GroupAttr: [pair('a', '2')] },
    refused: 'ATTRIBUTE_FREQUENCY',
  },
  {
    title: 'somebody has written since',
    given,
    request: { GroupId: 'g', GroupAttr: [pair('a', '2')], ...race },
    refused: 'ATTRIBUTE_CONFLICT',
  },
];

const attributes: readonly Contract[] = [
  {
    command: 'group_open_attr_http_svc/get_group_attr',
    otherNames: [`${S}/get_group_attr`],
    api: 64,
    cases: [
      {
        title: 'all of them, with their versions',
        given,
        request: { GroupId: 'g' },
        answer: {
          AttrMainSeq: 1,
          GroupAttrAry: [
            { key: 'a', value: '1', seq: 1 },
            { key: 'b', value: '2', seq: 1 },
          ],
        },
        webhooks: [],
      },
      { title: 'none', given: [group('Work', 'w')], request: { GroupId: 'w' }, answer: { GroupAttrAry: [] } },
      { title: 'no such group', request: { GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
      { title: 'no group', request: {}, refused: 'INVALID_PARAMETERS' },
    ],
  },
  {
    command: `${S}/modify_group_attr`,
    api: 65,
    cases: [
      {
        title: 'replaces a key and adds one; the others stay',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            GroupId: 'g',
            Type: 'Public',
            GroupAttr: [
              { key: 'b', value: '3' },
              { key: 'c', value: '' },
            ],
            OptionType: 'modify',
            EventTime: Number.isInteger,
          },
        ],
        given,
        request: { GroupId: 'g', GroupAttr: [pair('b', '3'), pair('c', '')], AttrMainSeq: 9 },
        answer: {
          AttrMainSeq: 2,
          GroupAttrAry: [
            { key: 'b', seq: 2 },
            { key: 'c', seq: 2 },
          ],
        },
        afterwards: afterwards(pair('a', '1'), pair('b', '3'), pair('c', '')),
      },
      {
        title: 'a writer who knows the latest version',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'modify',
          },
        ],
        given,
        request: { GroupId: 'g', GroupAttr: [{ ...pair('a', '2'), seq: 1 }], ...race, AttrMainSeq: 1 },
        answer: { AttrMainSeq: 2 },
      },
      ...writing,
    ],
  },
  {
    command: `${S}/clear_group_attr`,
    api: 66,
    differences: ['A Community can be cleared too; one page says no, the others yes.'],
    cases: [
      {
        title: 'all go',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'clear',
          },
        ],
        given,
        request: { GroupId: 'g' },
        answer: { AttrMainSeq: 2 },
        afterwards: afterwards(),
      },
      {
        title: 'those of a Community',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'clear',
          },
        ],
        given: [group('Community', COMMUNITY)],
        request: { GroupId: COMMUNITY },
        answer: { AttrMainSeq: 1 },
      },
      { title: 'no such group', request: { GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
      {
        title: 'somebody has written since',
        given,
        request: { GroupId: 'g', ...race },
        refused: 'ATTRIBUTE_CONFLICT',
      },
    ],
  },
  {
    command: `${S}/set_group_attr`,
    api: 67,
    cases: [
      {
        title: 'replaces the whole set',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'set',
          },
        ],
        given,
        request: { GroupId: 'g', GroupAttr: [pair('z', '9')] },
        answer: { AttrMainSeq: 2, GroupAttrAry: [{ key: 'z', seq: 2 }] },
        afterwards: afterwards(pair('z', '9')),
      },
      {
        title: 'by an empty one',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'set',
          },
        ],
        given,
        request: { GroupId: 'g', GroupAttr: [] },
        answer: { AttrMainSeq: 2, GroupAttrAry: [] },
        afterwards: afterwards(),
      },
      {
        title: 'of an AVChatRoom',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'set',
          },
        ],
        given: [group('AVChatRoom', 'live')],
        request: { GroupId: 'live', GroupAttr: [pair('a', '1')] },
        answer: { AttrMainSeq: 1 },
      },
      ...writing,
    ],
  },
  {
    command: `${S}/delete_group_attr`,
    api: 68,
    cases: [
      {
        title: 'keys go',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupAttrChanged',
            Operator_Account: 'administrator',
            OptionType: 'delete',
          },
        ],
        given,
        request: { GroupId: 'g', GroupAttr: [{ key: 'a' }] },
        answer: { AttrMainSeq: 2 },
        afterwards: afterwards(pair('b', '2')),
      },
      {
        title: 'a key that is missing',
        given,
        request: { GroupId: 'g', GroupAttr: [{ key: 'a' }, { key: 'z' }] },
        refused: 'ATTRIBUTE_NOT_FOUND',
      },
      { title: 'no keys', given, request: { GroupId: 'g', GroupAttr: [] }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'no such group',
        request: { GroupId: 'nope', GroupAttr: [{ key: 'a' }] },
        refused: 'GROUP_NOT_FOUND',
      },
    ],
  },
];

const counter = (Key: string, Value: string | number) => ({ Key, Value });
const likes = [counter('likes', 5), counter('gifts', -1)];
const counted = [
  group('Public', 'g'),
  ['update_group_counter', { GroupId: 'g', GroupCounter: likes }],
] as const;
const counters = (...GroupCounter: readonly Pattern[]) =>
  [['get_group_counter', { GroupId: 'g' }, { GroupCounter: GroupCounter }]] as const;
const unsupported: readonly Case[] = [
  {
    title: 'a Community',
    given: [group('Community', COMMUNITY)],
    request: { GroupId: COMMUNITY, GroupCounter: likes },
    refused: 'PERMISSION_DENIED',
  },
  {
    title: 'no such group',
    request: { GroupId: 'nope', GroupCounter: likes },
    refused: 'GROUP_NOT_FOUND',
  },
];
const badValue = (title: string, Value: string | number): Case => ({
  title,
  given: counted,
  request: { GroupId: 'g', GroupCounter: [counter('k', Value)] },
  refused: 'INVALID_PARAMETERS',
});

export const contracts: readonly Contract[] = [
  ...attributes,
  {
    command: `${S}/get_group_counter`,
    api: 78,
    cases: [
      {
        title: 'all of them',
        given: counted,
        request: { GroupId: 'g' },
        answer: { GroupCounter: likes, GroupCounterSeq: 1 },
        webhooks: [],
      },
      {
        title: 'those that are named and there',
        given: counted,
        request: { GroupId: 'g', GroupCounterKeys: ['gifts', 'none'] },
        answer: { GroupCounter: [counter('gifts', -1)] },
      },
      ...unsupported,
    ],
  },
  {
    command: `${S}/update_group_counter`,
    api: 79,
    cases: [
      {
        title: 'without a Mode the values are set',
        given: [...counted],
        request: { GroupId: 'g', GroupCounter: [counter('likes', 1)] },
        answer: { GroupCounter: [counter('likes', 1)] },
        afterwards: counters(counter('likes', 1), counter('gifts', -1)),
        webhooks: [],
      },
      {
        title: 'Increase; a counter that is not there counts from 0',
        given: counted,
        request: { GroupId: 'g', GroupCounter: [counter('likes', 2), counter('new', 3)], Mode: 'Increase' },
        answer: { GroupCounter: [counter('likes', 7), counter('new', 3)] },
      },
      {
        title: 'Decrease, in an AVChatRoom',
        given: [group('AVChatRoom', 'live')],
        request: { GroupId: 'live', GroupCounter: [counter('likes', 2)], Mode: 'Decrease' },
        answer: { GroupCounter: [counter('likes', -2)] },
      },
      badValue('a fraction', 1.5),
      badValue('a number beyond integers', 1e300),
      badValue('no number', 'many'),
      badValue('65 bits', '9223372036854775808'),
      {
        title: 'the sum has 65 bits',
        given: counted,
        request: { GroupId: 'g', GroupCounter: [counter('likes', '9223372036854775807')], Mode: 'Increase' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an empty key',
        given: counted,
        request: { GroupId: 'g', GroupCounter: [counter('', 1)] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a key of 129 bytes',
        given: counted,
        request: { GroupId: 'g', GroupCounter: [counter('k'.repeat(129), 1)] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an unknown Mode',
        given: counted,
        request: { GroupId: 'g', GroupCounter: likes, Mode: 'set' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'no counters',
        given: counted,
        request: { GroupId: 'g', GroupCounter: [] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '21 counters',
        given: counted,
        request: {
          GroupId: 'g',
          GroupCounter: many
            .slice(0, 16)
            .concat(many)
            .map(({ key }, i) => counter(`${key}/${i}`, 1)),
        },
        refused: 'TOO_MANY_COUNTERS',
      },
      ...unsupported,
    ],
  },
  {
    command: `${S}/delete_group_counter`,
    api: 80,
    cases: [
      {
        title: 'some; one that is not there does no harm',
        given: counted,
        request: { GroupId: 'g', GroupCounterKeys: ['likes', 'none'] },
        answer: {},
        afterwards: counters(counter('gifts', -1)),
        webhooks: [],
      },
      { title: 'all', given: counted, request: { GroupId: 'g' }, answer: {}, afterwards: counters() },
      {
        title: 'an empty list deletes none',
        given: counted,
        request: { GroupId: 'g', GroupCounterKeys: [] },
        answer: {},
        afterwards: counters(...likes),
      },
      ...unsupported,
    ],
  },
];
