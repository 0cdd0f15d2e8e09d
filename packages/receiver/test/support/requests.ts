import {
  buildOpenImUrl,
  buildTencentUrl,
  canonicalJson,
  encodeOpenImAfterSend,
  encodeTencentAfterSend,
  type GroupMessageFacts,
  OPENIM_AFTER_SEND_GROUP,
  TENCENT_AFTER_SEND,
} from '@confab-im/protocol';
import type { PlainRequest } from '../../src/index.ts';
import { NOW_MS } from './manual-clock.ts';

export const APP = 1_400_000_042;

/** Token, time and digest of a vector of the wire reference. */
export const TOKEN = 'orchid-river-42';
export const SIGNED_AT = 1_735_689_600;
export const SIGN = 'abdd452afbab3b6efaff957df78eb401f56e830785e1d2bf5c00e1c2ca6837c6';

export function facts(over: Partial<GroupMessageFacts> = {}): GroupMessageFacts {
  return {
    groupId: '@TGS#2QW7H5K3M',
    groupType: 'Public',
    sender: 'alice',
    operator: 'alice',
    random: 3_127_745_021,
    msgSeq: 42,
    msgTime: NOW_MS / 1000,
    eventTime: NOW_MS + 456,
    onlineOnly: false,
    msgBodyJson: canonicalJson([{ MsgType: 'TIMTextElem', MsgContent: { Text: 'good morning' } }]),
    serverMsgID: 'f3a1b2c4d5e6f708192a3b4c5d6e7f80',
    clientMsgID: '9c00000000000000000000000000aaaa',
    operationID: 'op-7f21',
    senderNickname: 'Alice',
    senderFaceUrl: '',
    clientIp: '203.0.113.7',
    platform: 'Android',
    ...over,
  };
}

export function tencentUrl(over: Partial<Parameters<typeof buildTencentUrl>[1]> = {}): string {
  return buildTencentUrl('/im', {
    sdkAppId: APP,
    command: TENCENT_AFTER_SEND,
    clientIp: '203.0.113.7',
    platform: 'Android',
    ...over,
  });
}

export function openImUrl(base = '/im'): string {
  return buildOpenImUrl(base, OPENIM_AFTER_SEND_GROUP, facts(), 'main');
}

export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const tencentBody = (over: Partial<GroupMessageFacts> = {}) =>
  encodeTencentAfterSend(facts(over), 'G5');
export const openImBody = (over: Partial<GroupMessageFacts> = {}) =>
  encodeOpenImAfterSend(facts(over), 'main');

/** A Tencent request as it should be; a test changes what it is about. */
export function tencentRequest(
  over: Partial<PlainRequest> & { facts?: Partial<GroupMessageFacts> } = {},
): PlainRequest {
  const { facts: changed, ...request } = over;
  return { method: 'POST', url: tencentUrl(), headers: {}, body: bytes(tencentBody(changed)), ...request };
}
