/** A body that is there already, or one that is still to be read. */
export type BodySource = Uint8Array | AsyncIterable<Uint8Array>;

export type ReadBody =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** `drained`: the rest was read and thrown away, so that the connection can be used again. */
  | { readonly kind: 'too-large'; readonly drained: boolean };

/** How much of an oversized body is read on and thrown away, so that the sender gets to read why it was refused. */
const DISCARD_BYTES = 1_048_576;

/** Reads a body of at most `limit` bytes; holds no more than that in memory whatever arrives. Throws when it breaks off. */
export async function readBody(source: BodySource, limit: number): Promise<ReadBody> {
  if (source instanceof Uint8Array) {
    return source.byteLength > limit
      ? { kind: 'too-large', drained: true }
      : { kind: 'whole', bytes: source };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > limit + DISCARD_BYTES) return { kind: 'too-large', drained: false };
  }
  return size > limit ? { kind: 'too-large', drained: true } : { kind: 'whole', bytes: joined(chunks, size) };
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
