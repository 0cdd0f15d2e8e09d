import assert from 'node:assert/strict';
import type { SentMessageFacts } from '@confab-im/protocol';
import type { LaneEvent } from '../../src/store/lanes.ts';

/** The facts of an event that has to be a sent message. */
export function sentFacts(event: Pick<LaneEvent, 'facts'> | undefined): SentMessageFacts {
  assert.ok(event?.facts.kind === 'group.message.sent', JSON.stringify(event));
  return event.facts;
}
