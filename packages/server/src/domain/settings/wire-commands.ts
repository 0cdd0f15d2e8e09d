/**
 * Commands that the two wire contracts define and this version does not send yet (tencent-webhooks B; openim A.8). Only for a
 * better answer to somebody who asks for one of them.
 */
const TENCENT: Readonly<Record<string, string>> = {
  Alert: 'RequestOverLimit',
  Bot: 'OnC2CMessage OnGroupMessage',
  C2C:
    'CallbackAfterC2CMsgExtension CallbackAfterMsgReport CallbackAfterMsgWithDraw ' +
    'CallbackAfterSendMsg CallbackBeforeSendMsg',
  Chatbot: 'OnC2CSignalMessage',
  ContentCallback: 'ResultNotify',
  Follow: 'CallbackAfterFollowAdd CallbackAfterFollowDelete',
  Group:
    'CallbackAfterChangeGroupOwner CallbackAfterCreateGroup CallbackAfterCreateTopic ' +
    'CallbackAfterGroupAttrChanged CallbackAfterGroupDestroyed CallbackAfterGroupFull ' +
    'CallbackAfterGroupInfoChanged CallbackAfterMemberExit CallbackAfterMemberFieldChanged ' +
    'CallbackAfterNewMemberJoin CallbackAfterReadReceipt CallbackAfterRecallMsg ' +
    'CallbackAfterTopicDestroyed CallbackAfterTopicInfoChanged CallbackBeforeApplyJoinGroup ' +
    'CallbackBeforeCreateGroup CallbackBeforeCreateTopic CallbackBeforeInviteJoinGroup ' +
    'CallbackOnDailyGroupQuotaAlarm CallbackOnMemberStateChange CallbackSendMsgException',
  OfficialAccount:
    'CallbackAfterAddSubscriber CallbackAfterCreateOfficialAccount CallbackAfterDeleteSubscriber ' +
    'CallbackAfterMsgWithDraw CallbackAfterOfficialAccountDestroyed CallbackAfterOfficialAccountFull ' +
    'CallbackAfterOfficialAccountInfoChanged CallbackAfterSendMsg CallbackBeforeAddSubscriber ' +
    'CallbackBeforeCreateOfficialAccount CallbackBeforeSendMsg',
  Profile: 'CallbackPortraitSet',
  Push: 'AllMemberPush OfflinePush',
  Sns:
    'CallbackBlackListAdd CallbackBlackListDelete CallbackFriendAdd CallbackFriendDelete ' +
    'CallbackPrevFriendAdd CallbackPrevFriendResponse',
  State: 'StateChange',
};

/** Without the `callback` in front and the `Command` behind. */
const OPENIM =
  'AfterAddFriendAgree AfterAddFriend AfterCreateGroupChatConversations AfterCreateGroup ' +
  'AfterCreateSingleChatConversations AfterDeleteFriend AfterDisMissGroup AfterGroupMsgRead ' +
  'AfterImportFriends AfterJoinGroup AfterKickGroup AfterMsgSaveDB AfterQuitGroup AfterRemoveBlack ' +
  'AfterSendSingleMsg AfterSetFriendRemark AfterSetGroupInfo AfterSetGroupInfoEx ' +
  'AfterSetGroupMemberInfo AfterSingleMsgRead AfterTransferGroupOwner AfterUpdateUserInfo ' +
  'AfterUpdateUserInfoEx AfterUserKickOff AfterUserOffline AfterUserOnline AfterUserRegister ' +
  'BeforeAddBlack BeforeAddFriendAgree BeforeAddFriend BeforeAfterMsg ' +
  'BeforeCreateGroupChatConversations BeforeCreateGroup BeforeCreateSingleChatConversations ' +
  'BeforeGroupOnlinePush BeforeImportFriends BeforeInviteJoinGroup BeforeJoinGroup ' +
  'BeforeMembersJoinGroup BeforeOfflinePush BeforeOnlinePush ' +
  'BeforeSendSingleMsg BeforeSetFriendRemark BeforeSetGroupInfo BeforeSetGroupInfoEx ' +
  'BeforeSetGroupMemberInfo BeforeUpdateUserInfo BeforeUpdateUserInfoEx BeforeUserRegister';

const WIRE_COMMANDS: ReadonlySet<string> = new Set([
  ...Object.entries(TENCENT).flatMap(([family, names]) =>
    names.split(' ').map((name) => `${family}.${name}`),
  ),
  ...OPENIM.split(' ').map((name) => `callback${name}Command`),
]);

export function isWireCommand(command: string): boolean {
  return WIRE_COMMANDS.has(command);
}
