import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { compileCheck, refusedBy } from '../../check.ts';
import type { GroupEvent, HeardFacts } from '../../group-event.ts';
import type { GroupChange, GroupChangeKind } from '../../group-facts.ts';
import type { Decoded } from '../../results.ts';
import { openImBody } from '../encode-message.ts';

/** One after-event of OpenIM's group commands: its command, and its body in both directions. Source: openim A.8, A.10. */
export interface OpenImChange<Kind extends GroupChangeKind> {
  readonly command: string;
  readonly kind: Kind;
  readonly body: TObject;
  encode(change: GroupChange<Kind>): string;
  decode(value: unknown): Decoded<GroupEvent<Kind>>;
}

interface Form<Kind extends GroupChangeKind, Fields extends TProperties> {
  readonly kind: Kind;
  readonly command: string;
  readonly description: string;
  /** Beside `callbackCommand`; with what names the group. */
  readonly fields: Fields;
  /** Every field, in the order of the original's. */
  write(change: GroupChange<Kind>): { readonly [Field in keyof Fields]-?: unknown };
  read(body: Static<TObject<Fields>>): HeardFacts<Kind> & { readonly groupId: string };
}

/** Makes an after-event of its form. */
export function openImChange<Kind extends GroupChangeKind, Fields extends TProperties>(
  form: Form<Kind, Fields>,
): OpenImChange<Kind> {
  const { command, kind, description, fields } = form;
  const callbackCommand = Type.Literal(command, { description: 'Webhook command' });
  const body = Type.Object({ callbackCommand, ...fields }, { description });
  const checkCommand = compileCheck(Type.Object({ callbackCommand }));
  const checkFields = compileCheck(Type.Object(fields));
  return {
    command,
    kind,
    body,
    encode: (change) => openImBody({ callbackCommand: command, ...form.write(change) }),
    decode(value) {
      const named = checkCommand(value);
      const checked = checkFields(value);
      if (!named.ok || !checked.ok) return refusedBy(named, checked);
      const facts = form.read(checked.value);
      return { ok: true, event: { ...facts, kind } as GroupEvent<Kind> };
    },
  };
}

export const GroupId = Type.String({ minLength: 1, description: 'Group' });
export const Text = Type.Optional(Type.String());
export const Count = Type.Optional(Type.Integer());
/** Null: not changed. */
export const NullableText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
export const NullableCount = Type.Optional(Type.Union([Type.Integer(), Type.Null()]));
export const NullableTexts = Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()]));

/** Source: openim A.13. */
export const ROLE_LEVELS = { Owner: 100, Admin: 60, Member: 20 } as const;
