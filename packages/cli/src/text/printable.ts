/** Control characters, and those that turn the direction of writing round. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside (message bodies, names, answers of endpoints) made safe for a terminal: characters that could move the
 * cursor or hide what stands before them become a visible replacement; line ends and tabs become spaces.
 */
export function printable(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(UNSAFE, '\u{fffd}');
}

/** `printable`, and no longer than `max` characters. */
export function excerpt(text: string, max: number): string {
  const characters = [...printable(text)];
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`;
}
