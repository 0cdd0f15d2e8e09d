/** Bytes and text by web standards alone: what is here runs in Node, browsers, Bun and Deno. */

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes, or undefined when they are not UTF-8. */
export function utf8Text(bytes: Bytes): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function hex(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Standard base64 with padding. */
export function toBase64(bytes: Bytes): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * The bytes of standard base64 with padding, or undefined. Strict: white space, missing padding and stray bits in the last
 * character are refused, so that each byte string has one spelling.
 */
export function fromBase64(text: string): Bytes | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : undefined;
}

/** Compares every character whatever differs, so that time tells nothing but the length. */
export function equalInConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

/** zlib-wrapped DEFLATE (RFC 1950). */
export function deflate(bytes: Bytes): Promise<Bytes> {
  return collect(bytes, new CompressionStream('deflate'), Number.POSITIVE_INFINITY);
}

/** Undoes `deflate`; undefined when the input is damaged or would unpack to more than `limit` bytes. */
export async function inflate(bytes: Bytes, limit: number): Promise<Bytes | undefined> {
  try {
    return await collect(bytes, new DecompressionStream('deflate'), limit);
  } catch {
    return undefined;
  }
}

async function collect(
  bytes: Bytes,
  through: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let size = 0;
  for await (const chunk of new Blob([bytes]).stream().pipeThrough(through)) {
    size += chunk.byteLength;
    if (size > limit) throw new RangeError(`More than ${limit} bytes come out; give a shorter input`);
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
