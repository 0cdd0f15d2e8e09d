import { ENDPOINT_HEADER } from '@confab-im/protocol';
import type { BeforeEvent, Decision } from './before.ts';
import type { Admitted, Dialect, DialectAnswers, DialectModule, JsonObject } from './dialects/dialect.ts';
import { looksLikeOpenIm, openim } from './dialects/openim.ts';
import { checkSignature } from './dialects/signature.ts';
import { judgeStandard, standard } from './dialects/standard.ts';
import { tencent } from './dialects/tencent.ts';
import type { Delivery, Verified } from './event.ts';
import { type HeadersLike, headerOf } from './headers.ts';
import { parseObject } from './json-object.ts';
import { type VerifyOptions, type VerifyRules, verifyRules } from './options.ts';
import { quoted } from './quoted.ts';
import { REFUSAL_STATUS, type Refusal, type Refused, refusal } from './refusal.ts';
import type { RawRequest } from './request.ts';

type UrlDialect = Exclude<Dialect, 'standard'>;

const BY_URL: { readonly [name in UrlDialect]: DialectModule } = { tencent, openim };
const ANSWERS: { readonly [name in Dialect]: DialectAnswers } = { ...BY_URL, standard };

/** A `webhook-id` over this length is not used as a key; Standard Webhooks' own are about 30 characters. */
const MAX_DELIVERY_ID_LENGTH = 255;

/**
 * Judges one webhook request over plain values: in this order its size, its encoding, the signature over its bytes, the app in
 * the URL, `Sign`, the JSON, the command, the shape of the body. Nothing is parsed before the sender is known, and nothing is
 * ever inflated.
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

export async function verifyBy(rules: VerifyRules, request: RawRequest): Promise<Verified | Refused> {
  const dialect = dialectOf(request, rules);
  const verdict = await judge(rules, dialect, request);
  return verdict.ok ? verdict : refusedIn(dialect, verdict);
}

/** The dialect of a request: Confab's own has a header, the others tell by the URL; where only one is left, that one. */
export function dialectOf({ url, headers }: Omit<RawRequest, 'body'>, { dialects }: VerifyRules): Dialect {
  if (dialects.includes('standard') && headerOf(headers, ENDPOINT_HEADER) !== undefined) return 'standard';
  const byUrl = dialects.filter((dialect) => dialect !== 'standard');
  if (byUrl.length === 2) return looksLikeOpenIm(url) ? 'openim' : 'tencent';
  return byUrl[0] ?? 'standard';
}

export function answersIn(dialect: Dialect): DialectAnswers {
  return ANSWERS[dialect];
}

/** Body of the answer to a question. Confab's own dialect asks none. */
export function decisionIn(dialect: Dialect, question: BeforeEvent, decision: Decision | undefined): string {
  if (dialect === 'standard') throw new TypeError(`The dialect 'standard' has no ${question.kind}.`);
  return BY_URL[dialect].decide(question, decision);
}

/** A refusal with the answer that the sender of this dialect understands. */
export function refusedIn(dialect: Dialect, { code, why }: Refusal): Refused {
  return { ok: false, code, status: REFUSAL_STATUS[code], answer: ANSWERS[dialect].fail(why), why };
}

async function judge(rules: VerifyRules, dialect: Dialect, request: RawRequest): Promise<Verified | Refusal> {
  const unreadable = judgeForm(rules, request);
  if (unreadable) return unreadable;
  const signed = await checkSignature(request, rules, rules.requireSignature || dialect === 'standard');
  if (!signed.ok) return signed;
  const { signedBy } = signed;
  if (dialect === 'standard') return judgeStandard(rules, request, signedBy);
  return judgeByUrl(signedBy === undefined ? rules : proven(rules), dialect, request, signedBy);
}

/** A signature over the body proves more than `Sign` or a secret path, so the sender needs neither. */
function proven(rules: VerifyRules): VerifyRules {
  return { ...rules, authTokens: [], openImSecret: undefined };
}

async function judgeByUrl(
  rules: VerifyRules,
  dialect: UrlDialect,
  request: RawRequest,
  signedBy: number | undefined,
): Promise<Verified | Refusal> {
  const module = BY_URL[dialect];
  const admitted = await module.admit(request.url, rules);
  if (!admitted.ok) return admitted;
  const body = parseObject(request.body);
  if ('ok' in body) return body;
  const command = commandOf(module, admitted, body.object);
  if (typeof command !== 'string') return command;
  const details = { ...detailsOf(admitted, request), ...(signedBy !== undefined && { signedBy }) };
  return eventOf(rules, module, { dialect, command, ...details }, body.object);
}

function judgeForm(rules: VerifyRules, { body, headers }: RawRequest): Refusal | undefined {
  if (body.byteLength > rules.maxBodyBytes) {
    return refusal('too-large', `The body is longer than the ${rules.maxBodyBytes} bytes taken here.`);
  }
  const encoding = headerOf(headers, 'content-encoding')?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return undefined;
  return refusal('encoded-body', `The body comes as ${quoted(encoding)}; send it without Content-Encoding.`);
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

function eventOf(
  rules: VerifyRules,
  module: DialectModule,
  delivery: Delivery,
  body: JsonObject,
): Verified | Refusal {
  const { command, deliveryId } = delivery;
  const idKey =
    deliveryId === undefined ? undefined : JSON.stringify(['id', rules.sdkAppId ?? 0, deliveryId]);
  const decoded = module.decode(command, body);
  if (decoded === undefined) {
    return {
      ok: true,
      event: { kind: 'other', body },
      ...delivery,
      ...(idKey !== undefined && { key: idKey }),
    };
  }
  if (!decoded.ok) return refusal('bad-shape', `The body is no ${command}: ${decoded.problems.join('; ')}.`);
  const { event } = decoded;
  if (event.kind === 'group.message.sent') {
    return { ok: true, event, ...delivery, key: idKey ?? module.keyOf(event, rules.sdkAppId) };
  }
  return { ok: true, event, ...delivery, ...(idKey !== undefined && { key: idKey }) };
}
