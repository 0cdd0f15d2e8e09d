import type { MessagePort } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { storeErrorOf } from './failure.ts';
import type { OpenCore } from './open.ts';
import { READS } from './reads.ts';
import type { Answer, Ask, ReadAnswer, ReadAsk, WireError } from './worker-protocol.ts';

/** Answers the store's client over `port` until it says close. */
export function serveCore(port: MessagePort, open: () => OpenCore): void {
  const answer = (message: Answer) => port.postMessage(JSON.stringify(message));
  let opened: OpenCore;
  try {
    opened = open();
  } catch (error) {
    answer({ type: 'not-opened', error: wireError(error) });
    port.close();
    return;
  }
  const { core } = opened;
  const clock = systemClock();
  const reads = new Map<string, (typeof READS)[number]>(READS.map((name) => [name, name]));

  const read = ({ id, name: asked, args }: ReadAsk): ReadAnswer => {
    const name = reads.get(asked);
    try {
      if (name === undefined) throw new Error(`there is no read "${asked}"`);
      return { id, value: Reflect.apply(core[name], core, [...args]) };
    } catch (error) {
      return { id, error: wireError(error) };
    }
  };

  port.on('message', (text: string) => {
    const ask = JSON.parse(text) as Ask;
    if (ask.type === 'commit') {
      const begun = clock.monotonic();
      const { outcomes, hints } = core.commit(ask.commands);
      answer({
        type: 'committed',
        outcomes: outcomes.map((outcome) => (outcome.kind === 'failed' ? wireError(outcome.error) : outcome)),
        hints,
        durationMs: clock.monotonic() - begun,
      });
    } else if (ask.type === 'read') {
      answer({ type: 'read', answers: ask.reads.map(read) });
    } else {
      opened.close();
      answer({ type: 'closed' });
      port.close();
    }
  });
  answer({ type: 'opened', generation: core.generation, installId: core.installId });
}

function wireError(error: unknown): WireError {
  const { code, message } = storeErrorOf(error);
  return { kind: 'failed', code, message };
}
