import { startNode } from './children.ts';
import { GROUPS } from './confab-config.ts';

const SCRIPT = new URL('./fill-process.ts', import.meta.url);
const GROUPS_SCRIPT = new URL('./fill-groups-process.ts', import.meta.url);

export interface Fill {
  /** Number of the first message. */
  readonly from: number;
  /** Number after the last one. */
  readonly to: number;
  /** Unix ms at which message 0 was sent. */
  readonly since: number;
  /** From one message to the next. */
  readonly everyMs: number;
  /** To so many of the groups, in turn; absent: to all. */
  readonly groups?: number;
}

/** Puts messages into the store of a configuration, in a process of its own. */
export async function fillStore(
  configFile: string,
  { from, to, since, everyMs, groups = GROUPS.length }: Fill,
): Promise<void> {
  await using child = startNode(SCRIPT, [configFile, ...[from, to, since, everyMs, groups].map(String)]);
  await child.next();
}

/** Makes so many groups with one message each, in a process of its own. */
export async function fillGroups(configFile: string, groups: number): Promise<void> {
  await using child = startNode(GROUPS_SCRIPT, [configFile, String(groups)]);
  await child.next();
}
