import {
  type Admitted,
  DIALECTS,
  type Dialect,
  type DialectModule,
  type JsonObject,
} from './dialects/dialect.ts';
import { looksLikeOpenIm, openim } from './dialects/openim.ts';
import { tencent } from './dialects/tencent.ts';
import type { Delivery, Verified } from './event.ts';
import { type HeadersLike, headerOf } from './headers.ts';
import { type VerifyOptions, type VerifyRules, verifyRules } from './options.ts';
import { REFUSAL_STATUS, type Refusal, type Refused, refusal } from './refusal.ts';

const MODULES: { readonly [name in Dialect]: DialectModule } = { tencent, openim };

/** A `webhook-id` over this length is not used as a key; Standard Webhooks' own are about 30 characters. */
const MAX_DELIVERY_ID_LENGTH = 255;
const MAX_QUOTED_LENGTH = 80;

/** Throws at bytes that are not UTF-8; drops a byte order mark. */
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Judges one webhook request over plain values: in this order its size, its encoding, the app in the URL, `Sign`, the JSON, the
 * command, the shape of the body. Nothing is parsed before the sender is known, and nothing is ever inflated.
 *
 * `url` may be absolute or begin with the path; `rawBody` is the body as it came. A well-formed command that has no type of
 * its own (there are more than forty, and apps of Tencent have one URL for all) is not refused: its event is `other`.
 *
 * Sources: tencent-webhooks A.2, A.3, A.5, F.3; openim A.1 to A.5, C. Throws a `TypeError` for wrong options only.
 */
export async function verify(
  rawBody: Uint8Array,
  url: string,
  headers: HeadersLike,
  options: VerifyOptions,
): Promise<Verified | Refused> {
  return verifyBy(verifyRules(options), { body: rawBody, url, headers });
}

export interface RawRequest {
  readonly url: string;
  readonly headers: HeadersLike;
  readonly body: Uint8Array;
}

export async function verifyBy(rules: VerifyRules, request: RawRequest): Promise<Verified | Refused> {
  const dialect = dialectOf(request.url, rules);
  const verdict = await judge(rules, dialect, request);
  return verdict.ok ? verdict : refusedIn(dialect, verdict);
}

/** The dialect of a request, from its URL; where only one is understood, that one. */
export function dialectOf(url: string, rules: VerifyRules): Dialect {
  const [only = DIALECTS[0], second] = rules.dialects;
  if (second === undefined) return only;
  return looksLikeOpenIm(url) ? 'openim' : 'tencent';
}

export function moduleOf(dialect: Dialect): DialectModule {
  return MODULES[dialect];
}

/** A refusal with the answer that the sender of this dialect understands. */
export function refusedIn(dialect: Dialect, { code, why }: Refusal): Refused {
  return { ok: false, code, status: REFUSAL_STATUS[code], answer: MODULES[dialect].fail(why), why };
}

async function judge(rules: VerifyRules, dialect: Dialect, request: RawRequest): Promise<Verified | Refusal> {
  const unreadable = judgeForm(rules, request);
  if (unreadable) return unreadable;
  const admitted = await MODULES[dialect].admit(request.url, rules);
  if (!admitted.ok) return admitted;
  const body = parseObject(request.body);
  if ('ok' in body) return body;
  const command = commandOf(MODULES[dialect], admitted, body.object);
  if (typeof command !== 'string') return command;
  return eventOf(rules, { dialect, command, ...detailsOf(admitted, request) }, body.object);
}

function judgeForm(rules: VerifyRules, { body, headers }: RawRequest): Refusal | undefined {
  if (body.byteLength > rules.maxBodyBytes) {
    return refusal('too-large', `The body is longer than the ${rules.maxBodyBytes} bytes taken here.`);
  }
  const encoding = headerOf(headers, 'content-encoding')?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return undefined;
  return refusal('encoded-body', `The body comes as ${quoted(encoding)}; send it without Content-Encoding.`);
}

function parseObject(bytes: Uint8Array): { readonly object: JsonObject } | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return refusal(
      'not-json',
      `The body of ${bytes.byteLength} bytes is not complete JSON in UTF-8: ${quoted(detail)}.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { object: value as JsonObject };
  return refusal('bad-shape', 'The body must be a JSON object.');
}

function commandOf(module: DialectModule, { command: inUrl }: Admitted, body: JsonObject): string | Refusal {
  const inBody = module.commandIn(body);
  if (inUrl !== undefined && inBody !== undefined && inUrl !== inBody) {
    return refusal('wrong-command', `The URL names the command ${quoted(inUrl)}, the body ${named(inBody)}.`);
  }
  const command = inUrl ?? inBody;
  if (typeof command === 'string' && module.isCommand(command)) return command;
  return command === undefined
    ? refusal('unknown-command', 'Neither the URL nor the body names a command.')
    : refusal('unknown-command', `${named(command)} is no command.`);
}

/** Never `String(value)`: an object from outside may carry a `toString` of its own. */
function named(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : `a value of type ${typeof value}`;
}

type Details = Omit<Delivery, 'dialect' | 'command' | 'key'>;

function detailsOf({ ok: _, command: __, ...fromUrl }: Admitted, { headers, body }: RawRequest): Details {
  const id = headerOf(headers, 'webhook-id');
  return {
    ...fromUrl,
    ...(id !== undefined && id !== '' && id.length <= MAX_DELIVERY_ID_LENGTH && { deliveryId: id }),
    replay: headerOf(headers, 'confab-replay') !== undefined,
    rawBody: body,
  };
}

function eventOf(rules: VerifyRules, delivery: Delivery, body: JsonObject): Verified | Refusal {
  const { dialect, command, deliveryId } = delivery;
  const idKey =
    deliveryId === undefined ? undefined : JSON.stringify(['id', rules.sdkAppId ?? 0, deliveryId]);
  const decoded = MODULES[dialect].decode(command, body);
  if (decoded === undefined) {
    return {
      ok: true,
      event: { kind: 'other', body },
      ...delivery,
      ...(idKey !== undefined && { key: idKey }),
    };
  }
  if (!decoded.ok) return refusal('bad-shape', `The body is no ${command}: ${decoded.problems.join('; ')}.`);
  const key = idKey ?? MODULES[dialect].keyOf(decoded.event, rules.sdkAppId);
  return { ok: true, event: decoded.event, ...delivery, key };
}

/** What came from outside, short and on one line. */
function quoted(text: string): string {
  const short = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
  return JSON.stringify(short);
}
