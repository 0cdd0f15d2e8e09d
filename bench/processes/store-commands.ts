import { canonicalJson } from '@confab-im/protocol';
import type { EndpointSettings } from '../../packages/server/src/domain/endpoint.ts';
import type { Command, SendMessage } from '../../packages/server/src/store/commands.ts';
import { CLOUD_CUSTOM_DATA, TEXT } from '../load/message.ts';
import { ADMIN, APP, SENDER } from './confab-config.ts';

const msgBodyJson = canonicalJson([{ MsgType: 'TIMTextElem', MsgContent: { Text: TEXT } }]);

/** The bench's accounts and endpoints. */
export function setUp(endpoints: readonly EndpointSettings[], now: number): Command[] {
  return [
    { type: 'importAccounts', app: APP, now, accounts: [{ userId: SENDER }, { userId: ADMIN }] },
    { type: 'syncEndpoints', app: APP, now, endpoints },
  ];
}

/** `owner` absent: nobody is in it, which a user's limit of groups does not meet. */
export function group(groupId: string, now: number, owner?: string): Command {
  return {
    type: 'createGroup',
    app: APP,
    now,
    operator: ADMIN,
    groupType: 'Public',
    name: groupId,
    ...(owner === undefined ? {} : { owner }),
    groupId,
    idSeed: 'UNUSED',
  };
}

export function message(groupId: string, random: number, now: number): SendMessage {
  return {
    type: 'sendMessage',
    app: APP,
    now,
    groupId,
    sender: SENDER,
    operator: ADMIN,
    senderIsAdmin: false,
    random,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson,
    cloudCustomData: CLOUD_CUSTOM_DATA,
    noUnread: false,
    noLastMsg: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
    clientIp: '127.0.0.1',
    platform: 'RESTAPI',
    operationId: '00000000-0000-4000-8000-000000000000',
  };
}
