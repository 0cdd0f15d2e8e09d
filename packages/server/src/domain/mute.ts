/** A mute that does not end, both as a number of seconds and as its end (tencent-rest A.7). */
export const FOR_EVER = 4_294_967_295;

/** When a mute of so many seconds ends, in unix seconds; 0: not muted. */
export function muteEnd(nowSeconds: number, seconds: number): number {
  return seconds === 0 ? 0 : Math.min(nowSeconds + seconds, FOR_EVER);
}

/** Seconds left of a mute that ends then. */
export function muteLeft(nowSeconds: number, until: number): number {
  return until >= FOR_EVER ? FOR_EVER : Math.max(0, until - nowSeconds);
}
