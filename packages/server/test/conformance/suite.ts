import { accountSuite } from './accounts.ts';
import { chainSuite } from './chains.ts';
import { checkpointSuite } from './checkpoints.ts';
import { deadLetterSuite } from './dead-letters.ts';
import { endpointSuite } from './endpoints.ts';
import { frequencySuite } from './frequency.ts';
import { groupChangeSuite } from './group-changes.ts';
import { groupProfileSuite } from './group-profiles.ts';
import { groupValueSuite } from './group-values.ts';
import { groupSuite } from './groups.ts';
import { laneSuite } from './lanes.ts';
import { memberProfileSuite } from './member-profiles.ts';
import { memberSuite } from './members.ts';
import { messageChangeSuite } from './message-changes.ts';
import type { StoreKind } from './open-store.ts';
import { appSuite, overviewSuite } from './overview.ts';
import { propertySuite } from './properties.ts';
import { readEventSuite } from './read-events.ts';
import { replaySuite } from './replays.ts';
import { sendSuite } from './sends.ts';
import { startSuite } from './starts.ts';
import { trimSuite } from './trimming.ts';

/** What every store has to do, whatever it is made of. Registers its tests with the runner. */
export function conformance(kind: StoreKind): void {
  accountSuite(kind);
  groupSuite(kind);
  groupChangeSuite(kind);
  groupProfileSuite(kind);
  memberSuite(kind);
  groupValueSuite(kind);
  memberProfileSuite(kind);
  sendSuite(kind);
  messageChangeSuite(kind);
  frequencySuite(kind);
  laneSuite(kind);
  readEventSuite(kind);
  chainSuite(kind);
  checkpointSuite(kind);
  replaySuite(kind);
  deadLetterSuite(kind);
  startSuite(kind);
  endpointSuite(kind);
  trimSuite(kind);
  overviewSuite(kind);
  appSuite(kind);
  propertySuite(kind);
}
