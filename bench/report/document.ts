const BEGIN = '<!-- last run -->';
const END = '<!-- end of last run -->';

/** `page` with `text` in place of what stood between its two marks. Throws when it has not both, in order. */
export function withLastRun(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new Error(`The page has no "${BEGIN}" followed by "${END}" to write the last run between.`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${text}\n\n${page.slice(end)}`;
}
