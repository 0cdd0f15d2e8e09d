/**
 * What the bodies of the webhooks of groups have, as documented, besides `CallbackCommand`: what is always there, and what is there when
 * the REST API can bring it about. A webhook counts as shown when cases look at all of it. Source: tencent-webhooks C.
 */
export const WEBHOOK_FIELDS: Readonly<Record<string, readonly string[]>> = fieldsOf(`
  BeforeSendMsg GroupId Type From_Account Operator_Account Random OnlineOnlyFlag MsgBody CloudCustomData TopicId EventTime
  AfterSendMsg GroupId Type From_Account Operator_Account Random MsgSeq MsgTime MsgId OnlineOnlyFlag MsgBody CloudCustomData TopicId EventTime GroupAtInfo
  SendMsgException GroupId Type From_Account Operator_Account Random OnlineOnlyFlag MsgBody CloudCustomData ErrorCode ErrorInfo EventTime
  AfterRecallMsg GroupId Type Operator_Account MsgSeqList TopicId EventTime
  AfterReadReceipt GroupId Type GroupMsgReceiptList EventTime
  BeforeCreateGroup Type Operator_Account Owner_Account Name MemberList EventTime
  AfterCreateGroup GroupId Type Operator_Account Owner_Account Name MemberList UserDefinedDataList EventTime
  BeforeApplyJoinGroup GroupId Type Requestor_Account EventTime
  BeforeInviteJoinGroup GroupId Type Operator_Account DestinationMembers EventTime
  AfterNewMemberJoin GroupId Type JoinType Operator_Account NewMemberList EventTime
  AfterMemberExit GroupId Type ExitType Operator_Account ExitMemberList EventTime
  AfterGroupFull GroupId EventTime
  AfterGroupDestroyed GroupId Type Owner_Account Name MemberList EventTime
  AfterGroupInfoChanged GroupId Type Operator_Account Name Introduction Notification FaceUrl EventTime
  OnMemberStateChange GroupId EventType EventCause MemberList EventTime
  BeforeCreateTopic Type Operator_Account Name
  AfterCreateTopic GroupId TopicId Type Operator_Account Owner_Account Name
  AfterTopicDestroyed GroupId Type TopicIdList
  AfterTopicInfoChanged GroupId Type Operator_Account Name Introduction Notification FaceUrl
  AfterMemberFieldChanged GroupId Type Operator_Account Member_Account Role NameCard EventTime
  AfterGroupAttrChanged GroupId Type Operator_Account OptionType GroupAttr EventTime
  AfterChangeGroupOwner GroupId Type Operator_Account OldOwner_Account NewOwner_Account EventTime
`);

function fieldsOf(table: string): Record<string, readonly string[]> {
  const lines = table.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [command = '', ...fields] = line.trim().split(' ');
      return [`Group.Callback${command}`, fields];
    }),
  );
}
