import Type from 'typebox';
import { fromBase64, toBase64, utf8, utf8Text } from '../bytes.ts';
import { compileCheck } from '../check.ts';
import type { GroupMessageFacts } from '../event.ts';
import { parseJson } from '../json.ts';
import { appendQuery, queryValue, splitUrl } from '../query.ts';
import { OPENIM_AFTER_SEND_GROUP, type OpenImRevision } from './after-send-group.ts';
import { goEscapes } from './go-json.ts';

/** The object inside `?key=`: the conversation, for a bot to answer into. Neither signed nor secret. Source: openim A.1. */
export const OpenImKey = Type.Object({
  sendID: Type.String({ description: 'Sender' }),
  recvID: Type.String({ description: 'Peer of a single chat; empty for a group' }),
  groupID: Type.String({ description: 'Group; empty for a single chat' }),
});
export type OpenImKey = Type.Static<typeof OpenImKey>;

const checkKey = compileCheck(OpenImKey);

/**
 * The URL to post to: the configured one, the command as one more path segment, and the query of the revision. A slash at the
 * end or a query of the configured URL is kept working, where the original would join the texts blindly.
 */
export function buildOpenImUrl(
  base: string,
  command: string,
  facts: Pick<GroupMessageFacts, 'sender' | 'groupId'>,
  revision: OpenImRevision,
): string {
  const target = appendQuery(base, '');
  const mark = target.indexOf('?');
  const path = (mark === -1 ? target : target.slice(0, mark)).replace(/\/+$/, '');
  const ownQuery = mark === -1 ? '' : target.slice(mark);
  return appendQuery(`${path}/${command}${ownQuery}`, revisionQuery(command, facts, revision));
}

/** The key goes with the webhooks after a message only: a bot has nothing to answer before it. */
function revisionQuery(
  command: string,
  facts: Pick<GroupMessageFacts, 'sender' | 'groupId'>,
  revision: OpenImRevision,
): string {
  if (revision === 'page') return 'contenttype=json';
  if (revision === '3.8' || command !== OPENIM_AFTER_SEND_GROUP) return '';
  const key: OpenImKey = { sendID: facts.sender, recvID: '', groupID: facts.groupId };
  return `key=${queryValue(toBase64(utf8(goEscapes(JSON.stringify(key)))))}`;
}

export interface OpenImUrl {
  readonly command?: string;
  readonly key?: OpenImKey;
}

/** Reads a webhook URL or request target; a key that is not the documented object is left out. */
export function parseOpenImUrl(url: string): OpenImUrl {
  const { path, query } = splitUrl(url);
  const command = path.split('/').at(-1);
  // A base64 '+' that was not percent-encoded arrives as a space.
  const packed = fromBase64((query.get('key') ?? '').replaceAll(' ', '+'));
  const key = checkKey(packed && parseJson(utf8Text(packed) ?? ''));
  return { ...(command && { command }), ...(key.ok && { key: key.value }) };
}

/** Request headers of the dialect. Source: openim A.2. */
export function openImHeaders(facts: Pick<GroupMessageFacts, 'operationID'>): Record<string, string> {
  return { 'Content-Type': 'application/json; charset=utf-8', Operationid: facts.operationID };
}
