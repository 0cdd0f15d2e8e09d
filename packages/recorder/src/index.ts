export type { Arrival } from './arrival.ts';
export { exportEventLines, exportJsonLines } from './export.ts';
export type { Hole, Holes, SeqRange } from './holes.ts';
export { type Inbox, type Noted, type OpenInboxOptions, openInbox, type Recorded } from './inbox.ts';
export { InboxError, type InboxErrorCode } from './inbox-error.ts';
export type { Note } from './note.ts';
export { type RenderOptions, renderStats } from './render.ts';
export {
  type NotedInfo,
  type RecordedInfo,
  type Recorder,
  type RecorderOptions,
  startRecorder,
} from './start-recorder.ts';
export { type Count, collectStats, type Delay, type Stats, type StatsOptions } from './stats.ts';
export type { Problem, RequestCounts } from './tally.ts';
