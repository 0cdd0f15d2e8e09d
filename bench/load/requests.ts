import { GROUPS } from '../processes/confab-config.ts';
import { messageBody } from './message.ts';

/** Groups that members are added to, so that those of `GROUPS` stay as small as they are. */
export const GROWING: readonly string[] = GROUPS.map((groupId) => `growing-${groupId}`);
/** Users who own groups and are added to them: `u0` and so on. */
export const USERS = 3_000;
const OWNERS = 1_000;

/** Commands of the group service that can be a load. */
export type LoadCommand = keyof typeof BODIES;

/** The body of request n of a load: no two with different n are alike, and none is refused while n is below 100 × USERS. */
export const BODIES = {
  send_group_msg: messageBody,
  create_group: (n: number) => `{"Type":"Public","Name":"a group","Owner_Account":"u${n % OWNERS}"}`,
  add_group_member: (n: number) =>
    `{"GroupId":"${GROWING[n % GROWING.length]}","MemberList":[{"Member_Account":"u${Math.floor(n / GROWING.length)}"}]}`,
  get_group_info: (n: number) => `{"GroupIdList":["${GROUPS[n % GROUPS.length]}"]}`,
} as const satisfies Readonly<Record<string, (n: number) => string>>;
