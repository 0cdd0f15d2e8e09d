import type { Stats } from './stats.ts';
import { alignTable, bar, grouped } from './table.ts';
import { localTime, zoneOffset } from './time-zone.ts';

export interface RenderOptions {
  /** ANSI colours; only for a terminal (`process.stdout.isTTY`). Default off. */
  readonly color?: boolean | undefined;
  /** Rows per table; default 10. */
  readonly rows?: number | undefined;
}

const BAR_CELLS = 24;
const DEFAULT_ROWS = 10;

interface Style {
  heading(text: string): string;
  faint(text: string): string;
  bar(text: string): string;
}

const COLOURED: Style = {
  heading: (text) => `\x1b[1m${text}\x1b[22m`,
  faint: (text) => `\x1b[2m${text}\x1b[22m`,
  bar: (text) => `\x1b[36m${text}\x1b[39m`,
};
const PLAIN: Style = { heading: (text) => text, faint: (text) => text, bar: (text) => text };

/** Statistics as text for a terminal: figures first, then tables with bars. Ends with a line end. */
export function renderStats(stats: Stats, options: RenderOptions = {}): string {
  const { color = false, rows = DEFAULT_ROWS } = options;
  const style = color ? COLOURED : PLAIN;
  const { groups, senders, types, days, hours, tz } = stats;
  const severalApps = new Set(groups.map(({ app }) => app)).size > 1;
  const inApp = (app: number, name: string) => (severalApps ? `${app} ${name}` : name);
  const counted = (name: string, count: { messages: number; senders: number }): Line => ({
    cells: [name, count.messages, count.senders],
    value: count.messages,
  });
  const parts = [
    figures(stats, style),
    table(
      style,
      ['Group', 'messages', 'senders'],
      groups.map((group) => counted(inApp(group.app, group.groupId), group)),
      rows,
    ),
    table(
      style,
      ['Sender', 'messages', 'groups'],
      senders.map((one) => ({
        cells: [inApp(one.app, one.sender), one.messages, one.groups],
        value: one.messages,
      })),
      rows,
    ),
    table(
      style,
      ['Type', 'messages'],
      types.map(({ type, messages }) => ({ cells: [type, messages], value: messages })),
      rows,
    ),
    table(
      style,
      [`Day (${tz})`, 'messages', 'senders'],
      days.map((one) => counted(one.day, one)),
      rows,
    ),
    table(
      style,
      [`Hour (${tz})`, 'messages', 'senders'],
      hours.map((one) => counted(one.hour, one)),
      rows,
    ),
    holes(stats, style, rows, inApp),
    table(
      style,
      ['Other events', 'count'],
      stats.events.map(({ kind, events }) => ({ cells: [kind, events], value: events })),
      rows,
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function figures({ totals, delay, tz, events }: Stats, style: Style): string {
  const { messages, senders, groups, duplicates, firstAt, lastAt } = totals;
  if (firstAt === undefined || lastAt === undefined) {
    return events.length === 0 ? 'Nothing recorded yet.' : 'No message recorded yet.';
  }
  const offset = zoneOffset(tz);
  const lines = [
    style.heading(
      `${plural(messages, 'message')} from ${plural(senders, 'sender')} in ${plural(groups, 'group')}` +
        `, ${plural(duplicates, 'duplicate')} dropped`,
    ),
    style.faint(`recorded ${localTime(firstAt, offset)} to ${localTime(lastAt, offset)} (${tz})`),
  ];
  if (delay.p50Ms !== undefined && delay.p99Ms !== undefined && delay.maxMs !== undefined) {
    const [p50, p99, max] = [delay.p50Ms, delay.p99Ms, delay.maxMs].map(grouped);
    lines.push(
      `delivery delay p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${plural(delay.samples, 'message')})`,
    );
  }
  return lines.join('\n');
}

interface Line {
  readonly cells: readonly (string | number)[];
  readonly value: number;
}

function table(style: Style, headings: readonly string[], lines: readonly Line[], rows: number): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, rows);
  const max = Math.max(...shown.map(({ value }) => value));
  const [head = '', ...body] = alignTable([headings, ...shown.map(({ cells }) => cells)]);
  const drawn = body.map((line, i) => `${line}  ${style.bar(bar(shown[i]?.value ?? 0, max, BAR_CELLS))}`);
  const rest = lines.length > rows ? [style.faint(`… and ${grouped(lines.length - rows)} more`)] : [];
  return [style.heading(head), ...drawn, ...rest].join('\n');
}

function holes({ holes: { count, missing, list } }: Stats, style: Style, rows: number, inApp: InApp): string {
  if (count === 0) return '';
  const shown = list
    .slice(0, rows)
    .map((hole) => [
      inApp(hole.app, hole.groupId),
      hole.topicId,
      hole.first === hole.last ? String(hole.first) : `${hole.first}–${hole.last}`,
    ]);
  const [head = '', ...body] = alignTable([['Group', 'topic', 'MsgSeq missing'], ...shown]);
  return [
    style.heading(`${plural(count, 'unexplained hole')} in MsgSeq, ${plural(missing, 'number')} missing`),
    style.faint(
      'A tip, or a message whose webhook was suppressed, takes a number as well. A late arrival closes its hole.',
    ),
    style.heading(head),
    ...body,
    ...(count > shown.length ? [style.faint(`… and ${grouped(count - shown.length)} more`)] : []),
  ].join('\n');
}

type InApp = (app: number, name: string) => string;

function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
