import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { canonicalJson } from '../../canonical-json.ts';
import { compileCheck, refusedBy } from '../../check.ts';
import type { GroupEvent, HeardFacts } from '../../group-event.ts';
import type { GroupChange, GroupChangeKind } from '../../group-facts.ts';
import type { Decoded } from '../../results.ts';
import type { TencentRevision } from '../after-send.ts';
import { EventTime } from '../group-message-fields.ts';

/** One webhook after something has happened to a group: its command, and its body in both directions. */
export interface TencentChange<Kind extends GroupChangeKind> {
  readonly command: string;
  readonly kind: Kind;
  /** The body as a receiver meets it: unknown fields allowed, later fields optional. */
  readonly body: TObject;
  /** Compact JSON, keys in ASCII order at every level (tencent-webhooks A.10): the same change gives the same bytes. */
  encode(change: GroupChange<Kind>, revision: TencentRevision): string;
  decode(value: unknown): Decoded<GroupEvent<Kind>>;
}

interface Form<Kind extends GroupChangeKind, Fields extends TProperties> {
  readonly kind: Kind;
  readonly command: string;
  readonly description: string;
  /** Beside `CallbackCommand`, `GroupId`, `Type` and `EventTime`. */
  readonly fields: Fields;
  /** False: the published body has no `Type`. */
  readonly type?: false;
  /** `since G4`, or in every published body of the webhook, or in none. */
  readonly eventTime: 'since G4' | 'always' | 'never';
  /** The fields; undefined ones are left out. */
  write(change: GroupChange<Kind>): { readonly [Field in keyof Fields]?: unknown };
  read(body: Static<TObject<Fields>>): HeardFacts<Kind>;
}

const PLACE = {
  GroupId: Type.String({ minLength: 1, description: 'Group; for what happens to a topic, its community' }),
  Type: Type.Optional(
    Type.String({ description: 'Group type: Private, Public, ChatRoom, AVChatRoom, Community' }),
  ),
  EventTime,
};

/** Makes a webhook of its form. */
export function tencentChange<Kind extends GroupChangeKind, Fields extends TProperties>(
  form: Form<Kind, Fields>,
): TencentChange<Kind> {
  const { command, kind, description, eventTime } = form;
  const CallbackCommand = Type.Literal(command, { description: 'Webhook command' });
  const body = Type.Object({ CallbackCommand, ...PLACE, ...form.fields }, { description });
  const checkPlace = compileCheck(Type.Object({ CallbackCommand, ...PLACE }));
  const checkFields = compileCheck(Type.Object(form.fields));
  return {
    command,
    kind,
    body,
    encode: (change, revision) =>
      canonicalJson({
        ...form.write(change),
        CallbackCommand: command,
        GroupId: change.groupId,
        ...(form.type !== false && { Type: change.groupType }),
        ...((eventTime === 'always' || (eventTime === 'since G4' && revision >= 'G4')) && {
          EventTime: change.eventTime,
        }),
      }),
    decode(value) {
      const place = checkPlace(value);
      const checked = checkFields(value);
      if (!place.ok || !checked.ok) return refusedBy(place, checked);
      const { GroupId: groupId, Type: groupType, EventTime: time } = place.value;
      const where = {
        kind,
        groupId,
        ...(groupType && { groupType }),
        ...(time !== undefined && { eventTime: Number(time) }),
      };
      const facts = form.read(checked.value);
      return { ok: true, event: { ...facts, ...where } as GroupEvent<Kind> };
    },
  };
}

/** A list of members as the wire has it, and back. */
export const Members = Type.Array(Type.Object({ Member_Account: Type.String({ description: 'UserID' }) }));

export function toMembers(userIds: readonly string[]): readonly { readonly Member_Account: string }[] {
  return userIds.map((userId) => ({ Member_Account: userId }));
}

export function ofMembers(members: Static<typeof Members>): string[] {
  return members.map(({ Member_Account: userId }) => userId);
}

/** The one who made the request. */
export const Operator = Type.String({ description: 'UserID that made the request' });

/** Fields of an app's own; left out when there are none. */
export const CustomData = Type.Optional(
  Type.Array(Type.Object({ Key: Type.String(), Value: Type.String() })),
);

/** The parts of a group's or a topic's profile that a webhook tells of; only those that have changed. */
export const PROFILE = {
  Name: Type.Optional(Type.String({ description: 'New name' })),
  Introduction: Type.Optional(Type.String({ description: 'New introduction' })),
  Notification: Type.Optional(Type.String({ description: 'New notice' })),
  FaceUrl: Type.Optional(Type.String({ description: 'New picture' })),
};

interface ProfileFacts {
  readonly name?: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
}

export function toProfile({ name, introduction, notification, faceUrl }: ProfileFacts): {
  readonly [Field in keyof typeof PROFILE]: string | undefined;
} {
  return { Name: name, Introduction: introduction, Notification: notification, FaceUrl: faceUrl };
}

export function ofProfile({
  Name: name,
  Introduction: introduction,
  Notification: notification,
  FaceUrl: faceUrl,
}: Static<TObject<typeof PROFILE>>): ProfileFacts {
  return {
    ...(name !== undefined && { name }),
    ...(introduction !== undefined && { introduction }),
    ...(notification !== undefined && { notification }),
    ...(faceUrl !== undefined && { faceUrl }),
  };
}
