import type { Command, CommandResult } from '../commands.ts';
import type { LaneEvent, LaneHint, LaneKey } from '../lanes.ts';
import { sentEvent } from './sent-message.ts';

/** A hint as the core gives it: `command` says by its place in the batch which command it comes from. */
export interface CoreHint extends LaneKey {
  readonly cursor?: number;
  /** Of an endpoint that is told its chain: the number before the event on this lane. */
  readonly prev?: number;
  readonly command: number;
}

/**
 * The hints of a batch with their events, made again from the commands on the asker's side: they need not travel back from the
 * core, nor be read from the log by every lane that waits for them.
 */
export function laneHints(
  installId: string,
  commands: readonly Command[],
  outcomes: readonly (CommandResult | { readonly kind: 'failed' } | undefined)[],
  hints: readonly CoreHint[],
): LaneHint[] {
  const events = new Map<number, LaneEvent>();
  return hints.map(({ command: index, prev, ...hint }) => {
    const event = events.get(index) ?? eventOf(installId, commands[index], outcomes[index]);
    if (event === undefined) return hint;
    events.set(index, event);
    return {
      ...hint,
      event: prev === undefined ? event : { ...event, link: { streamId: hint.streamId, prev } },
    };
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
