import type { LaneEvents } from '../store/lanes.ts';

const UNPLACED = 'the endpoint has changed to another dialect, which the dispatcher has not heard of yet';

/** Why nothing can be made of what was read of a lane, at the moment; it is read again later. `keepsChain`: its endpoint is told its chain. */
export function readTrouble(read: LaneEvents, keepsChain: boolean): string | undefined {
  if (keepsChain && read.events.some(({ link }) => link === undefined)) return UNPLACED;
  const { unknown, events, streamId } = read;
  if (unknown === undefined || events.length > 0) return undefined;
  return (
    `event ${unknown.seq} of stream ${streamId} is of a kind that this version does not know (${unknown.kind}): a newer Confab wrote it, ` +
    'and this lane waits until one delivers it; upgrade this process'
  );
}
