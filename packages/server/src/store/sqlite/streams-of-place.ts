/**
 * SQL, for both stores, that finds the streams of a group with its topics, or of one topic. Groups that are there and those that are no
 * more have indexes of their own, so they are asked for one by one. `inApp` is a condition on the column `app`, the others are
 * expressions; `groupIsAny` a condition that is true where no group was named beside the topic. `length`: an index by "has a topic_of" would
 * lead through all topics of the app.
 */
export function streamsOfGroup({ inApp, group }: { readonly inApp: string; readonly group: string }): string {
  return [`group_id = ${group}`, `topic_of = ${group} AND topic_of IS NOT NULL`]
    .map((which) => streamsWhere(`${inApp} AND ${which}`))
    .join(' UNION ALL ');
}

export function streamsOfTopic({
  inApp,
  group,
  topic,
  groupIsAny,
}: {
  readonly inApp: string;
  readonly group: string;
  readonly topic: string;
  readonly groupIsAny: string;
}): string {
  return streamsWhere(
    `${inApp} AND group_id = ${topic} AND length(topic_of) > 0 AND (${groupIsAny} OR topic_of = ${group})`,
  );
}

function streamsWhere(which: string): string {
  const from = `SELECT stream_id FROM chat_group WHERE ${which} AND destroyed_at`;
  return `${from} IS NULL UNION ALL ${from} IS NOT NULL`;
}
