import type { Command, CommandResult } from '../commands.ts';
import type { LaneEvent, StreamHint } from '../lanes.ts';
import { sentEvent } from './sent-message.ts';

/** A hint as the core gives it: `command` says by its place in the batch which command it comes from. */
export interface CoreHint extends Omit<StreamHint, 'event'> {
  readonly command: number;
}

/**
 * The hints of a batch with their events, made again from the commands on the asker's side: they need not travel back from the core,
 * nor be read from the log by every lane that waits for them.
 */
export function streamHints(
  installId: string,
  commands: readonly Command[],
  outcomes: readonly (CommandResult | { readonly kind: 'failed' } | undefined)[],
  hints: readonly CoreHint[],
): StreamHint[] {
  return hints.map(({ command: index, ...hint }) => {
    const event = eventOf(installId, commands[index], outcomes[index], hint.cursor);
    return event === undefined ? hint : { ...hint, event };
  });
}

function eventOf(
  installId: string,
  command: Command | undefined,
  outcome: CommandResult | { readonly kind: 'failed' } | undefined,
  cursor: number,
): LaneEvent | undefined {
  if (command?.type !== 'sendMessage' || outcome?.kind !== 'sent') return undefined;
  // A message that asks for receipts has a second event, which is read from the log.
  if (outcome.logSeq !== cursor + 1) return undefined;
  return outcome.event === undefined ? undefined : sentEvent(installId, command, outcome, outcome.event);
}
