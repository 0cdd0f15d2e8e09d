import type { Decoded, GroupEvent, GroupMessageSent } from '@confab-im/protocol';
import type { BeforeEvent, Decision } from '../before.ts';
import type { VerifyRules } from '../options.ts';
import type { Refusal } from '../refusal.ts';

/** The wire contracts that are understood. */
export const DIALECTS = ['tencent', 'openim', 'standard'] as const;
export type Dialect = (typeof DIALECTS)[number];

export type JsonObject = { readonly [key: string]: unknown };

/** What the URL of an admitted request says. */
export interface Admitted {
  readonly ok: true;
  readonly command?: string;
  readonly clientIp?: string;
  readonly platform?: string;
  readonly requestId?: string;
}

/** How a sender of a dialect is answered. */
export interface DialectAnswers {
  /** The sender gives up on an answer after so many milliseconds. */
  readonly senderTimeoutMs: number;
  /** Body of the answer to a webhook that was taken. */
  readonly ok: string;
  /** Body of the answer to one that was not. */
  fail(why: string): string;
}

/** All that differs on the receiving side between the dialects that say in the URL what they bring. */
export interface DialectModule extends DialectAnswers {
  /** Judges the URL: is it for us, and from somebody who may send? */
  admit(url: string, rules: VerifyRules): Promise<Admitted | Refusal>;
  commandIn(body: JsonObject): unknown;
  /** Whether the text has the form of a command, known or not. */
  isCommand(text: string): boolean;
  /** The body as a neutral event; undefined when the command has none. */
  decode(command: string, body: JsonObject): Decoded<GroupMessageSent | GroupEvent | BeforeEvent> | undefined;
  /** Body of the answer to a question; throws a `TypeError` or a `RangeError` when the dialect has none for this decision. */
  decide(question: BeforeEvent, decision: Decision | undefined): string;
  /** What tells this message from every other one, exactly. */
  keyOf(event: GroupMessageSent, sdkAppId: number | undefined): string;
}
