/** Longer than anybody waits; it fires for nothing. */
const RARELY_MS = 2 ** 30;

/**
 * Keeps the process alive until this is settled. What waits between two attempts to connect leaves nothing open, and timers of the
 * clock hold nobody: Node.js would end the process in the middle, without a word of why.
 */
export async function awake<T>(work: Promise<T>): Promise<T> {
  const held = setInterval(() => {}, RARELY_MS);
  try {
    return await work;
  } finally {
    clearInterval(held);
  }
}
