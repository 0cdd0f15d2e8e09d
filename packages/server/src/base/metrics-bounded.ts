/** What does not fit is counted under this label, so that no caller can make the page grow without end. */
export const OTHER = 'other';

/** Keeps what `make` gives for each key; keys beyond `limit` share the one made for `OTHER`. */
export function bounded<K, T>(limit: number, make: (key: K | typeof OTHER) => T): (key: K) => T {
  const known = new Map<K, T>();
  let other: T | undefined;
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    if (known.size >= limit) {
      other ??= make(OTHER);
      return other;
    }
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
