/** An hour of an app's group messages, of which a file can be had. */
export interface ArchiveHour {
  readonly app: number;
  /** `YYYYMMDDHH` in UTC. */
  readonly name: string;
  /** Unix ms, inclusive, and exclusive. */
  readonly from: number;
  readonly to: number;
}

const HOUR_MS = 3_600_000;

/** Undefined when it is no hour of the calendar. */
export function archiveHour(app: number, name: string): ArchiveHour | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(name);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0] = match.slice(1).map(Number);
  const from = Date.UTC(year, month - 1, day, hour);
  return nameOfHour(from) === name ? { app, name, from, to: from + HOUR_MS } : undefined;
}

function nameOfHour(time: number): string {
  return new Date(time).toISOString().slice(0, 13).replace(/[-T]/g, '');
}

/** `YYYY-MM-DD hh:mm:ss` in UTC. */
export function archiveTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

export interface ArchivedMessage {
  readonly groupId: string;
  readonly topicId?: string;
  readonly sender: string;
  /** Unix ms. */
  readonly time: number;
  readonly msgSeq: number;
  /** JSON text of the elements. */
  readonly msgBodyJson: string;
}

/** One line of a history file, without its comma (tencent-rest-user D8). */
export function archiveLine({
  groupId,
  topicId,
  sender,
  time,
  msgSeq,
  msgBodyJson,
}: ArchivedMessage): string {
  const fields = {
    From_Account: sender,
    GroupId: groupId,
    ...(topicId !== undefined && { TopicId: topicId }),
    MsgTimestamp: Math.floor(time / 1000),
    MsgSeq: msgSeq,
  };
  return `${JSON.stringify(fields).slice(0, -1)},"MsgBody":${msgBodyJson}}`;
}

/** A history file: its head, a message on each line, its end (tencent-rest-user D8). */
export function archiveText({ app, name }: ArchiveHour, lines: readonly string[]): string {
  const head = JSON.stringify({ SdkAppId: app, ChatType: 'Group', MsgTime: name }).slice(0, -1);
  return `${head},"MsgList":[\n${lines.join(',\n')}\n]}\n`;
}
