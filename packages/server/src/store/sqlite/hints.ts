import type { Command, CommandResult } from '../commands.ts';
import type { LaneEvent, LaneHint } from '../lanes.ts';
import { sentEvent } from './sent-message.ts';

/**
 * The lanes of one stream that a command gave something to do, as the core gives it: one for all of its endpoints. With a hundred
 * of them, a hint each was most of what the threads said to each other.
 */
export interface CoreHint {
  /** Says by its place in the batch which command it comes from. */
  readonly command: number;
  readonly streamId: number;
  /** Endpoints whose lane was behind already. */
  readonly behind: readonly number[];
  /** Endpoints whose lane got its row by this command, and its cursor. */
  readonly fresh: readonly number[];
  readonly cursor: number;
  /** Of endpoints that are told their chain: the number before the event on this lane. */
  readonly prev?: Readonly<Record<number, number>>;
}

/**
 * The hints of a batch, lane by lane and with their events, made again from the commands on the asker's side: they need not travel
 * back from the core, nor be read from the log by every lane that waits for them.
 */
export function laneHints(
  installId: string,
  commands: readonly Command[],
  outcomes: readonly (CommandResult | { readonly kind: 'failed' } | undefined)[],
  hints: readonly CoreHint[],
): LaneHint[] {
  return hints.flatMap(({ command: index, streamId, behind, fresh, cursor, prev }) => {
    const sent = eventOf(installId, commands[index], outcomes[index]);
    const told = (endpointId: number): { readonly event?: LaneEvent } => {
      const before = prev?.[endpointId];
      if (sent === undefined) return {};
      return { event: before === undefined ? sent : { ...sent, link: { streamId, prev: before } } };
    };
    return [
      ...fresh.map((endpointId) => ({ endpointId, streamId, cursor, ...told(endpointId) })),
      ...behind.map((endpointId) => ({ endpointId, streamId, ...told(endpointId) })),
    ];
  });
}

function eventOf(
  installId: string,
  command: Command | undefined,
  outcome: CommandResult | { readonly kind: 'failed' } | undefined,
): LaneEvent | undefined {
  if (command?.type !== 'sendMessage' || outcome?.kind !== 'sent') return undefined;
  return outcome.event === undefined ? undefined : sentEvent(installId, command, outcome, outcome.event);
}
