/** Between the id of a community and the rest of a topic's id (tencent-rest-types-errors E.3). */
export const TOPIC_MARK = '@TOPIC#_';
const MAX_BYTES = 96;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** An id made by the server; `seed` is random, A–Z and 0–9. */
export function makeTopicId(groupId: string, seed: string): string {
  return `${groupId}${TOPIC_MARK}@TOPIC#${seed}`;
}

/** What is wrong with a custom topic id, or undefined; an imported one may be as another server has made it. */
export function topicIdProblem(topicId: string, groupId: string, imported: boolean): string | undefined {
  const beginning = `${groupId}${TOPIC_MARK}`;
  if (!PRINTABLE_ASCII.test(topicId)) return 'a topic id is one or more printable ASCII characters';
  if (topicId.length > MAX_BYTES)
    return `a topic id has at most ${MAX_BYTES} bytes, this one has ${topicId.length}`;
  if (!topicId.startsWith(beginning) || topicId === beginning)
    return `the id of a topic of this community begins with ${beginning}, and goes on`;
  const own = topicId.slice(beginning.length);
  if (own.includes('@TGS#_')) return 'the part after the id of the community must not contain @TGS#_';
  if (!imported && own.startsWith('@TOPIC#'))
    return `ids that go on with ${TOPIC_MARK}@TOPIC# are made by the server; choose another one`;
  return undefined;
}
