import type { GroupType } from '@confab-im/protocol';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { TOPIC_MARK } from './topic-id.ts';

const MAX_BYTES = 48;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * What is wrong with a custom group id, or undefined: printable ASCII, at most 48 bytes, not beginning with `@TGS#`;
 * a Community's begins with `@TGS#_` (tencent-rest-types-errors E.3).
 */
export function groupIdProblem(groupId: string, type: GroupType): string | undefined {
  if (!PRINTABLE_ASCII.test(groupId)) return 'a group id is one or more printable ASCII characters';
  if (groupId.length > MAX_BYTES)
    return `a group id has at most ${MAX_BYTES} bytes, this one has ${groupId.length}`;
  if (groupId.includes(TOPIC_MARK)) return `ids with ${TOPIC_MARK} in them are those of topics`;
  const { idPrefix } = GROUP_TYPE_TRAITS[type];
  if (idPrefix !== '') {
    return groupId.startsWith(idPrefix)
      ? undefined
      : `the id of a group of type ${type} begins with ${idPrefix}`;
  }
  return groupId.startsWith('@TGS#')
    ? 'ids that begin with @TGS# are made by the server; choose another one'
    : undefined;
}

/** An id made by the server; `seed` is random, A–Z and 0–9. */
export function makeGroupId(type: GroupType, seed: string): string {
  return `${GROUP_TYPE_TRAITS[type].idPrefix}@TGS#${seed}`;
}
