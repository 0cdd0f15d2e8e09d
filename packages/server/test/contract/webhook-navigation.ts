/** A webhook of the navigation: its number, its title and its `CallbackCommand`. */
export type Webhook = readonly [number: number, title: string, command: string];

/** Every webhook in the navigation of "After a Group Message Is Sent", in its order. Source: tencent-webhooks B. */
export const WEBHOOK_NAVIGATION: readonly {
  readonly heading: string;
  readonly webhooks: readonly Webhook[];
}[] = [
  {
    heading: 'Operations Management Callbacks',
    webhooks: [[1, 'API Overclocking Alarm Callbacks', 'Alert.RequestOverLimit']],
  },
  {
    heading: 'Online Status Webhooks',
    webhooks: [[2, 'Status Change Webhooks', 'State.StateChange']],
  },
  {
    heading: 'Relationship Chain Webhooks',
    webhooks: [
      [3, 'After a Profile Is Updated', 'Profile.CallbackPortraitSet'],
      [4, 'Before a Friend Is Added', 'Sns.CallbackPrevFriendAdd'],
      [5, 'Before a Friend Request Is Responded', 'Sns.CallbackPrevFriendResponse'],
      [6, 'After a Friend Is Added', 'Sns.CallbackFriendAdd'],
      [7, 'After a Friend Is Deleted', 'Sns.CallbackFriendDelete'],
      [8, 'After a User Is Added to Blocklist', 'Sns.CallbackBlackListAdd'],
      [9, 'After a User Is Removed from Blocklist', 'Sns.CallbackBlackListDelete'],
    ],
  },
  {
    heading: 'One-to-One Message Webhooks',
    webhooks: [
      [10, 'Before a One-to-One Message Is Sent', 'C2C.CallbackBeforeSendMsg'],
      [11, 'After a One-to-One Message Is Sent', 'C2C.CallbackAfterSendMsg'],
      [12, 'After a One-to-One message Is Marked as Read', 'C2C.CallbackAfterMsgReport'],
      [13, 'After A One-to-One Message Is Recalled', 'C2C.CallbackAfterMsgWithDraw'],
    ],
  },
  {
    heading: 'Group Webhooks',
    webhooks: [
      [14, 'Before a Group Is Created', 'Group.CallbackBeforeCreateGroup'],
      [15, 'After a Group Is Created', 'Group.CallbackAfterCreateGroup'],
      [16, 'Before Applying to Join a Group', 'Group.CallbackBeforeApplyJoinGroup'],
      [17, 'Before Inviting a User to a Group', 'Group.CallbackBeforeInviteJoinGroup'],
      [18, 'After a User Joins a Group', 'Group.CallbackAfterNewMemberJoin'],
      [19, 'After a User Leaves a Group', 'Group.CallbackAfterMemberExit'],
      [20, 'Before Group Message Is Sent', 'Group.CallbackBeforeSendMsg'],
      [21, 'After a Group Message Is Sent', 'Group.CallbackAfterSendMsg'],
      [22, 'After a Group Is Full', 'Group.CallbackAfterGroupFull'],
      [23, 'After a Group Is Disbanded', 'Group.CallbackAfterGroupDestroyed'],
      [24, 'After Group Profile Is Modified', 'Group.CallbackAfterGroupInfoChanged'],
      [25, 'Callback After Recalling Group Messages', 'Group.CallbackAfterRecallMsg'],
      [
        26,
        'Webhook for Online and Offline Status of Audio-Video Group Members',
        'Group.CallbackOnMemberStateChange',
      ],
      [27, 'Webhook for Exceptions When Group Messages Are Sent', 'Group.CallbackSendMsgException'],
      [28, 'Before a Topic Is Created', 'Group.CallbackBeforeCreateTopic'],
      [29, 'After a Topic Is Created', 'Group.CallbackAfterCreateTopic'],
      [30, 'After a Topic Is Deleted', 'Group.CallbackAfterTopicDestroyed'],
      [31, 'Topic Profile Change Webhook', 'Group.CallbackAfterTopicInfoChanged'],
      [32, 'Callback After Group Member Profile Changed', 'Group.CallbackAfterMemberFieldChanged'],
      [33, 'Callback After Group Attribute Changed', 'Group.CallbackAfterGroupAttrChanged'],
      [34, 'Callback After Read Receipt', 'Group.CallbackAfterReadReceipt'],
      [35, 'Callback After the Group Owner Changed', 'Group.CallbackAfterChangeGroupOwner'],
    ],
  },
  {
    heading: 'Chatbot webhooks',
    webhooks: [[36, 'Chatbot Passthrough Message Callback', 'Chatbot.OnC2CSignalMessage']],
  },
];

/** Where a webhook that works does something else than its page says, as whole sentences for docs/compatibility.md. */
export const WEBHOOK_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'Group.CallbackBeforeCreateGroup': [
    'Without CreateGroupNum, as on the newest page.',
    'Asked only when the rules would let the group be created.',
  ],
  'Group.CallbackBeforeInviteJoinGroup': ['Asked only about those who would join by the rules.'],
  'Group.CallbackAfterReadReceipt': ['Both numbers count members only, as the lists of readers do.'],
  'Group.CallbackAfterChangeGroupOwner': [
    'Sent, too, when a group loses its owner: NewOwner_Account is then empty.',
  ],
  'Group.CallbackAfterSendMsg': [
    'Always tried again until it is delivered, in the order of the group; every attempt carries the same webhook-id.',
  ],
};

/** Webhooks of groups that nothing can set off yet, and why. */
export const WEBHOOK_NOT_YET: Readonly<Record<string, string>> = {
  'Group.CallbackBeforeApplyJoinGroup':
    'it is about clients that ask to join, and none can connect. Endpoints can be configured for it.',
  'Group.CallbackOnMemberStateChange':
    'it is about clients that connect, and none can. Endpoints can be configured for it.',
};
