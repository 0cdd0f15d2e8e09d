import type { GroupMessageSent } from '@confab-im/protocol';
import type { Dialect, KeyedDelivery } from '@confab-im/receiver';
import { InboxError } from './inbox-error.ts';

/** One received message, in the columns of the inbox. */
export interface Arrival {
  readonly key: string;
  /** SDKAppID; 0 where the recorder serves OpenIM alone. */
  readonly app: number;
  readonly dialect: Dialect;
  readonly groupId: string;
  /** Empty outside topics. */
  readonly topicId: string;
  readonly groupType: string;
  readonly sender: string;
  /** 0 when the message has no number of its own. */
  readonly msgSeq: number;
  readonly random: number;
  /** Unix seconds. */
  readonly msgTime: number;
  /** Unix milliseconds. */
  readonly eventTime?: number;
  readonly onlineOnly: boolean;
  /** Element types of the message, each once. */
  readonly types: readonly string[];
  readonly deliveryId?: string;
  readonly replay: boolean;
  /** The body as it came. */
  readonly body: string;
}

const decoder = new TextDecoder();

export function arrivalOf(event: GroupMessageSent, delivery: KeyedDelivery, app: number): Arrival {
  const { topicId = '', eventTime } = event;
  const { deliveryId } = delivery;
  return {
    key: delivery.key,
    app,
    dialect: delivery.dialect,
    groupId: event.groupId,
    topicId,
    groupType: event.groupType,
    sender: event.sender,
    msgSeq: event.msgSeq,
    random: event.random,
    msgTime: event.msgTime,
    ...(eventTime !== undefined && { eventTime }),
    onlineOnly: event.onlineOnly,
    types: [...new Set(event.msgBody.map((element) => element.MsgType))].sort(),
    ...(deliveryId !== undefined && { deliveryId }),
    replay: delivery.replay,
    body: decoder.decode(delivery.rawBody),
  };
}

export function checkArrival(arrival: Arrival): void {
  const { app, msgSeq, random, msgTime, eventTime = 0 } = arrival;
  checkNumbers('a message', { app, msgSeq, random, msgTime, eventTime });
}

/** A number that the database cannot hold must not fail what shares its transaction. */
export function checkNumbers(what: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value)) {
      throw new InboxError('bad-value', `The ${name} of ${what} is ${value}, which is no number to record.`);
    }
  }
}
