import { accountSuite } from './accounts.ts';
import { groupSuite } from './groups.ts';
import { memberSuite } from './members.ts';
import type { StoreKind } from './open-store.ts';

/** What every store has to do, whatever it is made of. Registers its tests with the runner. */
export function conformance(kind: StoreKind): void {
  accountSuite(kind);
  groupSuite(kind);
  memberSuite(kind);
}
