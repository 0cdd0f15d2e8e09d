import Type from 'typebox';

const MAX_UINT32 = 4_294_967_295;

/** UTF-8 bytes of a text, without making them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // The two halves of a surrogate pair stand for four bytes, a lone half is written as three.
    const pair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (pair) i += 1;
    bytes += unit < 0x800 ? 1 : 2;
  }
  return bytes;
}

/** Text limits are in UTF-8 bytes (tencent-rest A.6), which JSON Schema cannot say; a character has at least one. */
export const boundedText = (maxBytes: number, description: string) =>
  Type.Refine(
    Type.String({ maxLength: maxBytes, description: `${description}; at most ${maxBytes} bytes of UTF-8` }),
    (text: string) => utf8Length(text) <= maxBytes,
    () => `must not have more than ${maxBytes} bytes of UTF-8`,
  );

/** The same of what cannot be empty. */
export const boundedName = (maxBytes: number, description: string) =>
  Type.Refine(
    Type.String({
      minLength: 1,
      maxLength: maxBytes,
      description: `${description}; 1 to ${maxBytes} bytes of UTF-8`,
    }),
    (text: string) => utf8Length(text) <= maxBytes,
    () => `must not have more than ${maxBytes} bytes of UTF-8`,
  );

export const uint32 = (description: string) => Type.Integer({ minimum: 0, maximum: MAX_UINT32, description });

/** A switch on the wire: 0 off, anything greater on. */
export const flag = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}; 0 or 1` });

/** A switch that some commands write as a text. */
export const onOff = (description: string) => Type.Enum(['On', 'Off'], { description });

/** A reference to a group; whether it exists is another question. Source: tencent-rest-types-errors E.3. */
export const groupId = (description = 'Group') =>
  Type.String({
    pattern: '^[\\x20-\\x7e]{1,48}$',
    description: `${description}: 1 to 48 printable ASCII characters`,
  });

/** A UserID: at most 32 bytes, printable ASCII. Source: tencent-rest-types-errors E.3. */
export const userId = (description: string) =>
  Type.String({
    pattern: '^[\\x20-\\x7e]{1,32}$',
    description: `${description}: 1 to 32 printable ASCII characters`,
  });

export const optional = Type.Optional;

/** Empty is how some SDKs say "none". Source: tencent-rest-types-errors E.3. */
export const topicId = optional(
  Type.String({
    pattern: '^[\\x20-\\x7e]{0,96}$',
    description: 'Topic of a Community: up to 96 printable ASCII characters; empty: none',
  }),
);

/** Group types in requests: the wire's own names, and the newer ones for two of them. Source: tencent-rest-group C1.0. */
export const groupType = (description: string) =>
  Type.Enum(['Private', 'Public', 'ChatRoom', 'AVChatRoom', 'Community', 'Work', 'Meeting'], { description });

/** Custom fields: key up to 16 bytes. Source: tencent-rest-types-errors E.4. */
export const customFields = (maxValueBytes: number, description: string) =>
  Type.Array(
    Type.Object({
      Key: Type.String({ pattern: '^[A-Za-z0-9_]{1,16}$', description: 'Letters, digits and _' }),
      Value: boundedText(maxValueBytes, 'Value; may hold control characters'),
    }),
    { description },
  );

/** How a member is told of messages. Source: tencent-rest-group C1.11. */
export const MSG_FLAGS = [
  'AcceptAndNotify',
  'AcceptNotNotify',
  'Discard',
  'AcceptNotNotifyExceptAt',
] as const;

export const names = (description: string) => Type.Array(Type.String(), { description });
