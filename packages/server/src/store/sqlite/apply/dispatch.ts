import { partitionOf } from '../../../domain/lease.ts';
import type { Checkpoint, ContinueJobs, ResultMap } from '../../commands.ts';
import type { LaneKey, LaneProgress } from '../../lanes.ts';
import { LOG_PAGE } from '../log.ts';
import type { ReplaySpec } from '../replays.ts';
import type { Tables } from '../tables.ts';
import { continueDelete } from './delete-endpoint.ts';
import { replayRange } from './endpoints.ts';

/** Writes down how far the lanes have come. Nothing is written for a dispatcher of an older generation. */
export function applyCheckpoint(
  tables: Tables,
  checkpoint: Checkpoint,
  generation: number,
): ResultMap['checkpoint'] {
  if (checkpoint.generation !== generation) return { kind: 'fenced' };
  const { command, lost } = withoutLost(tables, checkpoint);
  for (const attempt of command.attempts) tables.outcomes.failed(attempt);
  for (const letter of command.deadLetters) tables.outcomes.deadLetter(letter, command.now);
  const kept: LaneKey[] = [];
  for (const lane of command.lanes) {
    if (tables.endpoints.get(lane.endpointId) === undefined) continue;
    if (lane.delivered !== undefined) tables.outcomes.delivered(lane, lane.delivered, lane.passed);
    settleReplay(tables, lane);
    if (!lane.idle) tables.lanes.save(lane);
    else if (hasNews(tables, lane)) {
      tables.lanes.save(lane);
      kept.push({ endpointId: lane.endpointId, streamId: lane.streamId });
    } else tables.lanes.catchUp(lane);
  }
  return { kind: 'done', kept, ...(lost.length > 0 && { lost }) };
}

/** Only what belongs to lanes that are still leased as they were when it was done. */
function withoutLost(
  tables: Tables,
  command: Checkpoint,
): { readonly command: Checkpoint; readonly lost: readonly LaneKey[] } {
  const { leases } = tables;
  const { leases: fence } = command;
  if (fence === undefined || leases === undefined) return { command, lost: [] };
  const isOurs = ({ streamId }: LaneKey) => {
    const partition = partitionOf(streamId, fence.of);
    const generation = fence.generations.get(partition);
    return generation !== undefined && leases.holds(partition, generation);
  };
  const lanes = command.lanes.filter(isOurs);
  const attempts = command.attempts.filter(({ lane }) => isOurs(lane));
  const deadLetters = command.deadLetters.filter(({ lane }) => isOurs(lane));
  const kept = new Set(lanes);
  return {
    command: { ...command, lanes, attempts, deadLetters },
    lost: command.lanes
      .filter((lane) => !kept.has(lane))
      .map(({ endpointId, streamId }) => ({ endpointId, streamId })),
  };
}

function settleReplay(tables: Tables, lane: LaneProgress): void {
  if (lane.replayedThrough === 0) return;
  const replay = tables.replays.next(lane.endpointId, lane.streamId);
  if (replay !== undefined && replay.id === lane.replayId)
    tables.replays.settle(replay, lane.replayedThrough);
}

/** The dispatcher saw the end of the log, but an event may have been committed since, or a replay been asked for. */
function hasNews(tables: Tables, lane: LaneProgress): boolean {
  const { endpointId, streamId, cursor } = lane;
  if (tables.replays.next(endpointId, streamId) !== undefined) return true;
  let after = cursor;
  for (;;) {
    const rows = tables.log.latest(streamId, after);
    if (rows.some((row) => tables.endpoints.audienceHas(row.audience, endpointId))) return true;
    after = rows.at(-1)?.log_seq ?? after;
    if (rows.length < LOG_PAGE) return false;
  }
}

/** One page of the oldest open job: gives each of its streams the range to send again. */
export function applyContinueJobs(tables: Tables, command: ContinueJobs): ResultMap['continueJobs'] {
  const job = tables.replays.openJob();
  if (job === undefined) return { kind: 'done', more: false };
  if (job.kind === 'delete') {
    continueDelete(tables, job, command);
    return { kind: 'done', more: tables.replays.openJob() !== undefined };
  }
  const endpoint = tables.endpoints.known(job.endpoint_id);
  if (endpoint === undefined) {
    tables.replays.moveJob(job.id, job.last_stream, 0, command.now);
    return { kind: 'done', more: tables.replays.openJob() !== undefined };
  }
  const spec = JSON.parse(job.spec) as ReplaySpec;
  const streams = tables.replays.streams(endpoint.app, job.position, job.last_stream, command.pageSize);
  for (const { id: streamId, head } of streams) {
    const from =
      spec.since === undefined ? (spec.fromSeq ?? 1) : tables.log.fromTime(streamId, spec.since, head);
    const through = spec.until === undefined ? head : tables.log.fromTime(streamId, spec.until + 1, head) - 1;
    replayRange(tables, job.endpoint_id, { streamId, head }, { from, through, forced: false }, command.now);
  }
  const done = streams.length < command.pageSize;
  tables.replays.moveJob(
    job.id,
    streams.at(-1)?.id ?? job.position,
    streams.length,
    done ? command.now : null,
  );
  if (done) tables.endpoints.load();
  return { kind: 'done', more: !done || tables.replays.openJob() !== undefined };
}
