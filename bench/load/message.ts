import { GROUPS, SENDER } from '../processes/confab-config.ts';

/** The texts of each message, as long as those of the yardstick's load. */
export const TEXT = 'a text of medium length, as people write it, to measure by';
export const CLOUD_CUSTOM_DATA = 'data of the app itself';

const REST = JSON.stringify({
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: TEXT } }],
  CloudCustomData: CLOUD_CUSTOM_DATA,
}).slice(1);

/** The body of a `send_group_msg`: to 100 groups in turn, never a duplicate while `random` grows. */
export function messageBody(random: number): string {
  return `{"GroupId":"${GROUPS[random % GROUPS.length]}","From_Account":"${SENDER}","Random":${random},${REST}`;
}
