import type { ContinueJobs, DeleteEndpoint, Refused, ResultMap } from '../../commands.ts';
import { LANES_COUNT_LIMIT } from '../../pipeline-reads.ts';
import { isReplayed } from '../lane-reader.ts';
import { LOG_PAGE } from '../log.ts';
import type { Job, ReplayRow } from '../replays.ts';
import type { Tables } from '../tables.ts';

/**
 * The endpoint is gone with this commit: nothing matches it and nothing is delivered to it any more. What its lanes still owed it
 * is accounted for by a job, a page at a time, so that a backlog of a million groups holds up no send.
 */
export function applyDeleteEndpoint(tables: Tables, command: DeleteEndpoint): ResultMap['deleteEndpoint'] {
  const { app, name, force, now } = command;
  const endpoint = tables.endpoints.byName(app, name);
  if (endpoint === undefined) return refused('not-found', `there is no endpoint "${name}" in this app`);
  if (endpoint.source === 'config' && endpoint.pauseReason !== 'not-in-config') {
    return refused('conflict', `endpoint "${name}" comes from the configuration file; remove it there first`);
  }
  const lanes = tables.lanes.countBehind(endpoint.id, LANES_COUNT_LIMIT);
  if (lanes > 0 && !force) return refused('conflict', `endpoint "${name}" ${undelivered(lanes)}`);
  if (endpoint.starting && !force) return refused('conflict', `endpoint "${name}" ${STARTING}`);
  tables.replays.endJobs(endpoint.id, now);
  tables.endpoints.delete(endpoint.id, now);
  const jobId =
    lanes === 0 && !endpoint.starting ? 0 : tables.replays.startJob(app, endpoint.id, 'delete', {}, now);
  return { kind: 'done', lanes, jobId };
}

/** Ends a page of the lanes of a deleted endpoint, each as one dead letter at the first event that it had not delivered. */
export function continueDelete(tables: Tables, job: Job, command: ContinueJobs): void {
  const { now, pageSize } = command;
  const lanes = tables.lanes.page(job.endpoint_id, pageSize);
  for (const lane of lanes) {
    tables.outcomes.deadLetterRest(lane, now);
    for (const range of tables.replays.rangesOf(lane.endpointId, lane.streamId)) {
      const owed = owedOf(tables, range);
      if (owed === undefined) continue;
      const { seq, detail } = owed;
      const letter = {
        lane,
        seq,
        reason: 'endpoint-deleted',
        detail,
        attempts: 0,
        firstAttemptAt: now,
      } as const;
      tables.outcomes.deadLetter(letter, now);
    }
    tables.replays.removeOf(lane.endpointId, lane.streamId);
    tables.lanes.remove(lane);
  }
  const isDone = lanes.length < pageSize;
  tables.replays.moveJob(job.id, job.position, lanes.length, isDone ? now : null);
}

const STARTING =
  'has not been given its past yet (start); delete it with force to make a dead letter of the first event in each group';

/**
 * A dead letter that was to be sent again is one again, and of the past that the endpoint was to begin with the first event stands for
 * the rest. Any other replay had been delivered before.
 */
function owedOf(
  tables: Tables,
  range: ReplayRow,
): { readonly seq: number; readonly detail: string } | undefined {
  if (range.forced === 1)
    return { seq: range.next_seq, detail: 'the endpoint was deleted before this dead letter was sent again' };
  const settings = tables.endpoints.known(range.endpoint_id)?.settings;
  const groupId = tables.groups.identity(range.stream_id)?.groupId;
  if (settings === undefined || groupId === undefined || settings.start.at === 'now') return undefined;
  for (let after = range.next_seq - 1; ; ) {
    const rows = tables.log.range(range.stream_id, after, range.through_seq);
    const first = rows.find((row) => isReplayed(row, settings, groupId));
    const detail = `the endpoint was deleted; of the past that it was to begin with, this event and all through log sequence ${range.through_seq} of the group were not delivered to it`;
    if (first !== undefined) return { seq: first.log_seq, detail };
    after = rows.at(-1)?.log_seq ?? after;
    if (rows.length < LOG_PAGE) return undefined;
  }
}

function undelivered(lanes: number): string {
  const counted =
    lanes === LANES_COUNT_LIMIT ? `${lanes} groups or more` : lanes === 1 ? 'one group' : `${lanes} groups`;
  return `has undelivered events in ${counted}; delete it with force to make a dead letter of the first one in each`;
}

function refused(code: Refused['code'], why: string): Refused {
  return { kind: 'refused', code, why };
}
