export interface ErrorRow {
  /** `ErrorCode` on the wire. */
  readonly code: number;
  /** What it means. */
  readonly text: string;
  /** What the caller can do about it. */
  readonly remedy: string;
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
}

const row = (code: number, text: string, remedy: string): ErrorRow => ({
  code,
  text,
  remedy,
  retryable: false,
});
const later = (code: number, text: string, remedy: string): ErrorRow => ({
  code,
  text,
  remedy,
  retryable: true,
});

/**
 * Every error that the REST API answers, once: name, wire code, meaning, remedy. A code is never given a second meaning and
 * a retired one is not used again. Source: tencent-rest-types-errors F.1 (gateway), F.2 (accounts), F.3 (profiles),
 * F.7 (messages), F.8 (groups).
 */
export const ERRORS = {
  URL_INVALID: row(
    60002,
    'The HTTP request or its URL cannot be read.',
    'POST to /v4/{service}/{command} with the query of the documentation and contenttype=json.',
  ),
  JSON_INVALID: row(
    60003,
    'The body is not JSON.',
    'Send one JSON object in UTF-8; {} when there is nothing to say.',
  ),
  ACCOUNT_INVALID: row(
    60004,
    'The identifier or the usersig is missing from the URL.',
    'Add identifier (an app admin) and a usersig made for it to the query.',
  ),
  SDKAPPID_INVALID: row(
    60006,
    'There is no app with this sdkappid.',
    'Use the SDKAppID of an app that is configured.',
  ),
  REST_FREQUENCY_LIMIT: later(
    60007,
    'The app calls this command more often than it may.',
    'Spread the calls, or raise limits.requestsPerSecond.',
  ),
  REQUEST_TIMEOUT: later(60008, 'The request took too long.', 'Send it again.'),
  RESOURCE_INVALID: row(
    60009,
    'There is no such command.',
    'Check the path of the URL; it is case-sensitive.',
  ),
  NOT_ADMIN: row(
    60010,
    'The identifier is not an admin of the app.',
    'Call with an account listed under admins of the app.',
  ),
  SDKAPPID_MISSING: row(60012, 'The sdkappid is missing from the URL.', 'Add sdkappid to the query.'),
  ID_FORMAT_INVALID: row(60015, 'An account in the body is not a string.', 'Send UserIDs as JSON strings.'),
  TEXT_REFUSED: row(80001, 'The text was refused by a content check.', 'Change the text.'),
  BODY_TOO_LONG: row(80002, 'The message or the request is too long.', 'Send less in one request.'),
  BEFORE_WEBHOOK_FAILED: later(
    80003,
    'The before-webhook failed and its failure policy refuses the message.',
    'Repair the endpoint, or send again later.',
  ),

  USERSIG_EXPIRED: row(70001, 'The UserSig has expired.', 'Make a new one.'),
  USERSIG_EMPTY: row(70002, 'The UserSig is empty.', 'Make one with the secret key of the app.'),
  USERSIG_INVALID: row(70003, 'The UserSig is damaged or not a UserSig.', 'Pass it exactly as it was made.'),
  USERSIG_WRONG_KEY: row(
    70009,
    'The UserSig was not signed with a key of this app.',
    'Make one with a secret key of the app.',
  ),
  USERSIG_WRONG_IDENTIFIER: row(
    70013,
    'The UserSig was made for another account.',
    'Make one for the identifier in the URL.',
  ),
  USERSIG_WRONG_APP: row(
    70014,
    'The UserSig was made for another app.',
    'Make one for the sdkappid in the URL.',
  ),
  USERSIG_NO_KEY: row(70016, 'The app has no secret key.', 'Configure one under secretKeys of the app.'),
  TOO_MANY_AUTH_FAILURES: later(
    70050,
    'Too many UserSigs of this caller were refused.',
    'Wait a minute, then send a valid one.',
  ),
  USERSIG_REVOKED: row(70052, 'The UserSig was invalidated.', 'Make a new one.'),
  USER_NOT_FOUND: row(70107, 'The account does not exist.', 'Import it first.'),
  ACCOUNT_PARAMETERS: row(
    70402,
    'A parameter of an account command is wrong.',
    'Correct the field that is named.',
  ),
  ACCOUNT_ADMIN_REQUIRED: row(70403, 'The command needs an app admin.', 'Call with an admin account.'),
  ACCOUNT_INTERNAL: later(
    70500,
    'The server failed while it worked on accounts.',
    'Send again; look into the log of the server if it stays.',
  ),
  PROFILE_VALUE_TOO_LONG: row(40601, 'A profile value has more than 500 bytes.', 'Shorten it.'),
  EXTENSION_UNSUPPORTED: row(
    23002,
    'The message has no extensions.',
    'Send it with SupportMessageExtension.',
  ),
  EXTENSION_FREQUENCY: later(
    23003,
    'The extensions of the message are written too often.',
    'Write at most 200 times a minute.',
  ),
  EXTENSION_NOT_FOUND: row(23004, 'The message or its extension does not exist.', 'Check MsgSeq and Key.'),
  MESSAGE_JSON_INVALID: row(90001, 'The body is not JSON.', 'Send one JSON object in UTF-8.'),
  MSG_BODY_INVALID: row(90002, 'MsgBody has a malformed element.', 'Correct the element that is named.'),
  MSG_BODY_NOT_A_LIST: row(90007, 'MsgBody is not a list.', 'Send a list of elements.'),
  MESSAGE_REQUEST_INVALID: row(90010, 'The request is malformed.', 'Correct the field that is named.'),
  TO_ACCOUNT_INVALID: row(
    90003,
    'To_Account is missing or no list of UserIDs.',
    'Send UserIDs as JSON strings.',
  ),
  TOO_MANY_RECEIVERS: row(90011, 'To_Account names more than 500 accounts.', 'Split the request.'),
  OFFLINE_PUSH_INFO_INVALID: row(90043, 'OfflinePushInfo is malformed.', 'Correct the field that is named.'),

  NOT_ONLINE: row(10001, 'None of the users is online.', 'Mark those who are, or set the mark 500.'),
  INTERNAL: later(10002, 'The server failed.', 'Send again; look into the log of the server if it stays.'),
  BAD_COMMAND: row(
    10003,
    'The group service has no such command.',
    'Check the command in the URL; it is case-sensitive.',
  ),
  INVALID_PARAMETERS: row(10004, 'A parameter is missing or wrong.', 'Correct the field that is named.'),
  TOO_MANY_ACCOUNTS: row(10005, 'The request names too many accounts.', 'Split it into several requests.'),
  FREQUENCY_LIMIT: later(10006, 'The operation is done too often.', 'Wait a second and send again.'),
  PERMISSION_DENIED: row(
    10007,
    'The group type or the rights of the caller do not allow this.',
    'See which group types the command supports.',
  ),
  INVALID_REQUEST: row(10008, 'The request is not valid.', 'Correct the request.'),
  OWNER_MAY_NOT_QUIT: row(
    10009,
    'The owner may not leave the group.',
    'Change the owner first, or disband the group.',
  ),
  GROUP_NOT_FOUND: row(
    10010,
    'The group does not exist, or was disbanded.',
    'Check the GroupId, or create the group.',
  ),
  GROUP_JSON_INVALID: row(
    10011,
    'The body is not a JSON object.',
    'Send one JSON object in UTF-8; {} when empty.',
  ),
  OPERATOR_INVALID: row(10012, 'The account that operates is not valid.', 'Check the UserID.'),
  ALREADY_MEMBER: row(10013, 'The account is a member already.', 'Nothing needs to be done.'),
  GROUP_FULL: row(10014, 'The group is full.', 'Remove members, or raise the limit of the group.'),
  INVALID_GROUP_ID: row(
    10015,
    'The group id is not valid.',
    'Use 1 to 48 printable ASCII characters; @TGS# is reserved, a Community begins with @TGS#_.',
  ),
  REFUSED_BY_WEBHOOK: row(10016, 'The app backend refused through a webhook.', 'Ask the app backend why.'),
  MUTED: row(10017, 'The sender is muted.', 'Wait until the mute ends, or end it with forbid_send_msg.'),
  ANSWER_TOO_LONG: row(
    10018,
    'The answer would have more than 1 MB.',
    'Ask for less: use paging or a ResponseFilter.',
  ),
  ACCOUNT_NOT_FOUND: row(10019, 'An account does not exist.', 'Import it first with account_import.'),
  IMPORT_TOO_LONG: row(10020, 'An imported message is too long.', 'Shorten the message.'),
  GROUP_ID_IN_USE: row(10021, 'The group id is in use.', 'Choose another id, or disband that group first.'),
  MESSAGE_FREQUENCY: later(10023, 'The group gets more messages than it may.', 'Send again a second later.'),
  ALREADY_HANDLED: row(10024, 'The request was handled already.', 'Nothing needs to be done.'),
  GROUP_ID_IN_USE_BY_OWNER: row(
    10025,
    'The group id is in use, and the owner named owns that group.',
    'Use that group, or disband it first.',
  ),
  COMMAND_DISABLED: row(10026, 'The command is disabled for the app.', 'Enable it in the configuration.'),
  MESSAGE_NOT_FOUND: row(10030, 'The message to recall does not exist.', 'Check GroupId and MsgSeq.'),
  RECALL_TOO_LATE: row(10031, 'The message is too old to be recalled.', 'It stays.'),
  RECALL_DENIED: row(10032, 'The message cannot be recalled.', 'It stays.'),
  RECALL_UNSUPPORTED: row(10033, 'The group type does not support recalling.', 'It stays.'),
  DELETE_MESSAGE_DENIED: row(10034, 'The message cannot be deleted.', 'It stays.'),
  DELETE_MESSAGE_UNSUPPORTED: row(10035, 'The group type does not support deleting messages.', 'It stays.'),
  TOO_MANY_AVCHATROOMS: row(
    10036,
    'The app has as many AVChatRooms as it may.',
    'Disband one, or raise the limit.',
  ),
  TOO_MANY_GROUPS_OF_USER: row(
    10037,
    'The user is in as many groups, or the community has as many topics, as may be.',
    'Leave a group or delete a topic, or raise the limit.',
  ),
  TOO_MANY_MEMBERS: row(10038, 'The group would have more members than it may.', 'Name fewer members.'),
  RECALL_FORBIDDEN_BY_APP: row(10041, 'The app does not allow recalling.', 'Allow it in the configuration.'),
  NO_ROAMING_MESSAGES: row(
    10044,
    'The group type keeps no history.',
    'Record its messages from the webhooks.',
  ),
  ATTRIBUTE_KEY_TOO_LONG: row(10045, 'An attribute key is too long.', 'Use at most 32 bytes.'),
  ATTRIBUTE_VALUE_TOO_LONG: row(10046, 'An attribute value is too long.', 'Use at most 4,000 bytes.'),
  TOO_MANY_ATTRIBUTES: row(10047, 'The group has too many attributes.', 'Use at most 16 keys.'),
  ATTRIBUTES_TOO_LONG: row(10048, 'The attributes are too long together.', 'Use at most 16,000 bytes.'),
  ATTRIBUTE_FREQUENCY: later(10049, 'Attributes are written too often.', 'Write at most 5 times a second.'),
  ATTRIBUTE_NOT_FOUND: row(10050, 'The attribute to delete does not exist.', 'Nothing needs to be done.'),
  TOO_MANY_MESSAGES_TO_DELETE: row(10051, 'Too many messages are to be deleted.', 'Split the request.'),
  NO_MESSAGES_TO_DELETE: row(10052, 'The group has no messages to delete.', 'Nothing needs to be done.'),
  TOO_MANY_MENTIONS: row(10053, 'The message mentions more than 30 members.', 'Mention fewer, or everybody.'),
  PAGING_REQUIRED: row(
    10054,
    'The group has too many members for one answer.',
    'Use Limit with Offset, or Next.',
  ),
  ATTRIBUTE_CONFLICT: later(10056, 'Somebody else writes the same attributes.', 'Read them and write again.'),
  TOO_MANY_GROUPS_OF_APP: row(
    10058,
    'The app has as many groups as it may.',
    'Disband one, or raise the limit.',
  ),
  PLAN_REQUIRED: row(10059, 'The feature is off.', 'Enable it in the configuration.'),
  RECEIPTS_GROUP_TOO_LARGE: row(
    10060,
    'The group is too large for read receipts.',
    'Do without receipts there.',
  ),
  RECEIPTS_ONLINE_ONLY: row(
    10061,
    'Online-only messages have no read receipts.',
    'Do without receipts there.',
  ),
  RECEIPT_NOT_FOUND: row(10062, 'The message has no read receipt.', 'Send it with NeedReadReceipt.'),
  TOO_MANY_COUNTERS: row(10063, 'The group has too many counters.', 'Use at most 20 counters.'),
  ARCHIVE_PARAMETERS: row(
    1002,
    'ChatType or MsgTime is missing or wrong.',
    'Send Group and an hour as YYYYMMDDHH in UTC.',
  ),
  ARCHIVE_NOT_READY: later(
    1004,
    'The files of this hour are not made yet, or there was no message in it.',
    'Ask again in a minute, for an hour that is over.',
  ),
  ARCHIVE_EXPIRED: row(
    1005,
    'The hour is more than seven days ago.',
    'Read the history of the groups instead.',
  ),
  CONFIG_JSON_INVALID: row(
    130001,
    'The body is not a JSON object.',
    'Send one JSON object in UTF-8; {} when empty.',
  ),
  MUTE_GET_ACCOUNT_MISSING: row(130002, 'Get_Account is missing.', 'Name the account to ask for.'),
  MUTE_GET_ACCOUNT_INVALID: row(130003, 'Get_Account is no account of the app.', 'Import it first.'),
  MUTE_ACCOUNT_MISSING: row(130004, 'Set_Account is missing.', 'Name the account to mute.'),
  MUTE_ACCOUNT_INVALID: row(130005, 'Set_Account is no account of the app.', 'Import it first.'),
  MUTE_TIME_MISSING: row(
    130008,
    'Neither C2CmsgNospeakingTime nor GroupmsgNospeakingTime is a number of seconds.',
    'Send at least one, 0 to 4294967295.',
  ),
  TOPICS_OFF: row(
    11000,
    'There are no topics here.',
    'Create the Community with SupportTopic 1; limits.topicsPerCommunity 0 means none at all.',
  ),
  TOPIC_DELETED: row(110003, 'The topic does not exist, or was deleted.', 'Check the TopicId.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof ERRORS;

const NAMES_BY_CODE: ReadonlyMap<number, ErrorName> = new Map(
  (Object.keys(ERRORS) as ErrorName[]).map((name) => [ERRORS[name].code, name]),
);

/** The row of a wire code, with its name; undefined for a code that this server never answers. */
export function errorByCode(code: number): (ErrorRow & { readonly name: ErrorName }) | undefined {
  const name = NAMES_BY_CODE.get(code);
  return name === undefined ? undefined : { name, ...ERRORS[name] };
}
