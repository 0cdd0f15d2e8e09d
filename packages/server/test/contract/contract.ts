import type { ErrorName } from '@confab-im/protocol';
import type { Rules } from '../../src/domain/rules.ts';
import type { Pattern } from './pattern.ts';

/** A command and its body. A command without a service is the group service's. */
export type Call = readonly [command: string, body: object];

/** A question asked afterwards, and what the answer has to show. */
export type Question = readonly [command: string, body: object, shows: Pattern];

/**
 * What one command of the REST API promises, as a table. A file `*.contract.ts` in this folder exports `contracts`, a list of these;
 * nothing else has to be registered. `contract.test.ts` runs every case over real HTTP and an in-memory store, once per name of
 * the command; docs/compatibility.md says of a command what its cases show.
 */
export interface Contract {
  /** `service/command`, as in the path. */
  readonly command: string;
  /** Old or new names of the same command: every case is run under each. */
  readonly otherNames?: readonly string[];
  /** Number in the navigation (`src/rest/openapi/navigation.ts`); absent: the API is documented outside of it. */
  readonly api?: number;
  /** Where this server does something else than the document says, as whole sentences for docs/compatibility.md. */
  readonly differences?: readonly string[];
  /** At least one that succeeds and one that is refused. */
  readonly cases: readonly Case[];
}

export type Case = Success | Refused;

interface Common {
  readonly title: string;
  /** Calls before it, each of which succeeds. Accounts `owner` and `u1` to `u5` exist already; see `scene.ts` for groups. */
  readonly given?: readonly Call[];
  /** Limits that differ from the documented defaults. */
  readonly rules?: Partial<Rules>;
  /** Milliseconds between what is given and the request. */
  readonly later?: number;
  readonly request: object;
}

export interface Success extends Common {
  /** Fields of the answer; those not named may be whatever they are. */
  readonly answer: Pattern;
  /** State afterwards, as other commands show it. */
  readonly afterwards?: readonly Question[];
  /**
   * Bodies of the webhooks that an endpoint of the dialect `tencent` gets for it, before and after, in order of arrival, and for what is
   * asked afterwards; absent: none is sent. A `CallbackCommand` counts as shown in docs/compatibility.md when all fields of its body
   * (`webhook-fields.ts`) stand in one or another case.
   */
  readonly webhooks?: readonly WebhookBody[];
}

export type WebhookBody = Readonly<Record<string, Pattern>> & { readonly CallbackCommand: string };

/** State stays as it is, and no webhook is sent: that is checked for each of these. */
export interface Refused extends Common {
  readonly refused: ErrorName;
  /** Only where the refusal itself is told (a join that failed because the group is full): what is sent. The log then grows. */
  readonly webhooks?: readonly WebhookBody[];
}
