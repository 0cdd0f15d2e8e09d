import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { StoreError } from '../errors.ts';

/** Whose text it is. It is bound to the ciphertext, so that one endpoint's secrets cannot be put into another's place. */
export interface SealedFor {
  readonly app: number;
  readonly name: string;
}

export interface Opened {
  readonly text: string;
  /** False: it should be written again, since it is plain and there is a key, or was sealed with an older one. */
  readonly current: boolean;
}

/** Turns what is secret in the database into what is stored of it, and back. */
export interface Sealer {
  seal(text: string, owner: SealedFor): string;
  /** Throws StoreError `secrets-locked` without the right key, `corrupt` when the text was changed. */
  open(stored: string, owner: SealedFor): Opened;
}

interface Envelope {
  /** Version of this form. */
  readonly sealed: 1;
  /** Which key; says nothing about it. */
  readonly key: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D: 96 bits, random; far fewer than 2^32 texts are ever sealed with a key. */
const IV_BYTES = 12;
const KEY_ID_LENGTH = 12;

/** `keys` are 32 bytes each, in base64: the first one seals, all of them open. Without any, texts stay plain. */
export function createSealer(keys: readonly string[]): Sealer {
  const byId = new Map(keys.map((key) => [keyId(key), Buffer.from(key, 'base64')]));
  const first = byId.entries().next().value;
  return {
    seal: (text, owner) => (first === undefined ? text : JSON.stringify(seal(text, owner, ...first))),
    open(stored, owner) {
      const envelope = envelopeIn(stored);
      if (envelope === undefined) return { text: stored, current: first === undefined };
      const key = byId.get(envelope.key);
      if (key === undefined) throw locked(owner, envelope.key, [...byId.keys()]);
      return { text: open(envelope, owner, key), current: envelope.key === first?.[0] };
    },
  };
}

/** Names a key without telling it. */
export function keyId(key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update('confab secrets key')
    .digest('hex')
    .slice(0, KEY_ID_LENGTH);
}

function seal(text: string, owner: SealedFor, id: string, key: Buffer): Envelope {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(associated(owner));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    sealed: 1,
    key: id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

function open({ iv, tag, data }: Envelope, owner: SealedFor, key: Buffer): string {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, 'base64'), { authTagLength: 16 })
      .setAAD(associated(owner))
      .setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new StoreError(
      'corrupt',
      `the settings of ${called(owner)} were changed outside Confab: their encryption does not fit; restore them from a backup`,
      { cause },
    );
  }
}

/** Settings have no key `sealed`, so plain ones are never taken for an envelope. Few are parsed in vain. */
function envelopeIn(stored: string): Envelope | undefined {
  if (!stored.includes('"sealed"')) return undefined;
  const value = JSON.parse(stored) as Partial<Envelope>;
  return value.sealed === undefined ? undefined : (value as Envelope);
}

function associated({ app, name }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(['confab endpoint settings', app, name]));
}

function locked(owner: SealedFor, id: string, known: readonly string[]): StoreError {
  const have = known.length === 0 ? 'secretsKey is not set' : `secretsKey has ${known.join(', ')}`;
  return new StoreError(
    'secrets-locked',
    `the settings of ${called(owner)} are encrypted with the key ${id}, and ${have}; add that key to secretsKey`,
  );
}

function called({ app, name }: SealedFor): string {
  return `endpoint "${name}" of app ${app}`;
}
