const MAX_QUOTED_LENGTH = 80;

/** What came from outside, short and on one line. */
export function quoted(text: string): string {
  const short = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
  return JSON.stringify(short);
}
