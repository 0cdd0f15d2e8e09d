import type { GroupEvent, Tombstone } from '@confab-im/protocol';
import type { Delivery, Dialect } from '@confab-im/receiver';
import { checkNumbers } from './arrival.ts';

/** Something that happened to a group besides a message, in the columns of the inbox. */
export interface Note {
  /** Absent where the sender tells nothing by which copies could be recognised: then each counts. */
  readonly key?: string;
  /** SDKAppID; 0 where the recorder serves OpenIM alone. */
  readonly app: number;
  readonly dialect: Dialect;
  /** As the receiver names it: `group.members.joined`, `group.message.recalled`, …, `tombstone`. */
  readonly kind: string;
  readonly groupId: string;
  /** Unix milliseconds. */
  readonly eventTime?: number;
  readonly deliveryId?: string;
  readonly replay: boolean;
  /** The body as it came. */
  readonly body: string;
}

const decoder = new TextDecoder();

export function noteOf(event: GroupEvent | Tombstone, delivery: Delivery, app: number): Note {
  const { key, dialect, deliveryId, replay, rawBody } = delivery;
  const { kind, groupId, eventTime } = event;
  return {
    ...{ app, dialect, kind, groupId, replay, body: decoder.decode(rawBody) },
    ...(key !== undefined && { key }),
    ...(eventTime !== undefined && { eventTime }),
    ...(deliveryId !== undefined && { deliveryId }),
  };
}

export function checkNote({ app, eventTime = 0 }: Note): void {
  checkNumbers('an event', { app, eventTime });
}
