const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A span of milliseconds for people, in its two largest units: `2 d 4 h`, `3 min 5 s`, `12 s`, `340 ms`; 0 when negative. */
export function duration(ms: number): string {
  const rest = Math.max(0, Math.round(ms));
  const at = UNITS.findIndex(([size]) => rest >= size);
  const [size, name] = UNITS[at] ?? [1, 'ms'];
  const next = UNITS[at + 1];
  const whole = `${Math.floor(rest / size)} ${name}`;
  const remainder = next === undefined || at < 0 ? 0 : Math.floor((rest % size) / next[0]);
  return remainder === 0 ? whole : `${whole} ${remainder} ${next?.[1]}`;
}
