import {
  decodeOpenImAfterSend,
  decodeOpenImBeforeChange,
  decodeOpenImBeforeModify,
  decodeOpenImBeforeSend,
  decodeOpenImChange,
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OPENIM_OK,
  parseOpenImUrl,
  parseTencentUrl,
} from '@confab-im/protocol';
import { equalInConstantTime } from '../constant-time.ts';
import type { VerifyRules } from '../options.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { DialectModule } from './dialect.ts';
import { openImDecision } from './openim-decision.ts';
import { checkSign } from './sign.ts';

/** `sessionType` of a group (openim A.13). */
const GROUP_SESSION = 3;

/** In the range that the documentation leaves to receivers; 0 to 99 are never to be used (openim A.5). */
const REFUSED_CODE = 5000;

/** Receiving side of OpenIM's contract: openim A.1 to A.5 and C. */
export const openim: DialectModule = {
  senderTimeoutMs: 5000,
  ok: OPENIM_OK,
  fail: (why) =>
    JSON.stringify({ actionCode: 1, errCode: REFUSED_CODE, errMsg: 'refused', errDlt: why, nextCode: 0 }),

  async admit(url, rules) {
    const unauthenticated = await checkSender(url, rules);
    if (unauthenticated) return unauthenticated;
    const command = commandInPath(url);
    return { ok: true, ...(command !== undefined && { command }) };
  },

  commandIn: (body) => body.callbackCommand,
  isCommand,
  decode(command, body) {
    if (command === OPENIM_AFTER_SEND_GROUP) return decodeOpenImAfterSend(body);
    if (command === OPENIM_BEFORE_SEND_GROUP) return decodeOpenImBeforeSend(body);
    // The same command asks about single chats, which have no type here.
    if (command === OPENIM_BEFORE_MODIFY) {
      return body.sessionType === GROUP_SESSION ? decodeOpenImBeforeModify(body) : undefined;
    }
    return decodeOpenImBeforeChange(command, body) ?? decodeOpenImChange(command, body);
  },

  decide: openImDecision,

  keyOf: (event, sdkAppId) => JSON.stringify(['openim', sdkAppId ?? 0, event.openim?.serverMsgID]),
};

/** Tells the dialects apart by the URL alone: OpenIM names its command in the last segment, Tencent in the query. */
export function looksLikeOpenIm(url: string): boolean {
  if (commandInPath(url) !== undefined) return true;
  const { sdkAppId, command } = parseTencentUrl(url);
  return sdkAppId === undefined && command === undefined;
}

/** A proxy may have rewritten the path, so a last segment that is no command says nothing. */
function commandInPath(url: string): string | undefined {
  const { command } = parseOpenImUrl(url);
  return command !== undefined && isCommand(command) ? command : undefined;
}

function isCommand(text: string): boolean {
  return /^callback[A-Za-z]{1,64}Command$/.test(text);
}

async function checkSender(url: string, rules: VerifyRules): Promise<Refusal | undefined> {
  const { openImSecret, authTokens } = rules;
  if (openImSecret !== undefined && hasSegment(url, openImSecret)) return undefined;
  if (authTokens.length > 0) return checkSign(url, rules);
  if (openImSecret === undefined) return undefined;
  return refusal(
    'unsigned',
    'The path of the URL lacks the secret segment. Put openImSecret into the url configured at OpenIM.',
  );
}

function hasSegment(url: string, secret: string): boolean {
  const [path = ''] = url.split('?', 1);
  let found = false;
  for (const segment of path.split('/')) found = equalInConstantTime(segment, secret) || found;
  return found;
}
