import { randomBytes, randomUUID } from 'node:crypto';

/** Identifiers as an argument: the composition root passes `randomIds()`, tests pass ids they know. */
export interface Ids {
  /** Unique per request; also the `operationID` of OpenIM webhooks. */
  requestId(): string;
  /** 12 characters A–Z and 2–7 (60 bits) for a group id made by the server. */
  groupIdSeed(): string;
}

/** 32 characters, so that five bits of a random byte choose one without favour. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SEED_LENGTH = 12;

export function randomIds(): Ids {
  return {
    requestId: () => randomUUID(),
    groupIdSeed: () => Array.from(randomBytes(SEED_LENGTH), (byte) => ALPHABET[byte & 31]).join(''),
  };
}
