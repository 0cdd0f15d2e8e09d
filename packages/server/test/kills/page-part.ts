/** A part of a page that a command of its own writes, between two marks. */
export interface PagePart {
  /** For a new page. */
  readonly place: string;
  /** The page with this text as its part. Throws when the page has no place for it. */
  put(page: string, text: string): string;
  /** What the page holds there; `otherwise` when it has none. */
  read(page: string, otherwise: string): string;
}

export function pagePart(name: string): PagePart {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const marksIn = (page: string) => {
    const from = page.indexOf(begin);
    return { from, to: page.indexOf(end, from) };
  };
  return {
    place: `${begin}\n${end}`,
    put(page, text) {
      const { from, to } = marksIn(page);
      if (from === -1 || to === -1) throw new Error(`the page has no "${begin}" followed by "${end}"`);
      return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
    },
    read(page, otherwise) {
      const { from, to } = marksIn(page);
      const text = from === -1 || to === -1 ? '' : page.slice(from + begin.length, to).trim();
      return text === '' ? otherwise : text;
    },
  };
}
