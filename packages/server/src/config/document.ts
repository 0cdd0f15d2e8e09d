import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Path } from '../domain/settings/problem.ts';

/** A configuration file as read: its value, and where each key stands. */
export interface ConfigDocument {
  readonly value: unknown;
  /** Line, from 1, of a setting; of the nearest one around it when it is missing. */
  lineOf(path: Path): number | undefined;
}

export interface DocumentProblem {
  readonly line?: number;
  readonly message: string;
}

/** More references than this to one anchor are an attack or a slip: a small text must not become a large value. */
const MAX_ALIASES = 100;
/** One missing bracket can cause hundreds. */
const MAX_COMPLAINTS = 5;

/** Reads YAML (JSON is YAML too). An empty text is an empty map. */
export function parseConfigText(text: string): ConfigDocument | readonly DocumentProblem[] {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const complaints = [...document.errors, ...document.warnings];
    if (complaints.length > 0) {
      return complaints.slice(0, MAX_COMPLAINTS).map(({ pos, code, message }) => ({
        line: lines.linePos(pos[0]).line,
        message:
          code === 'MULTIPLE_DOCS'
            ? 'begins a second document; only one is read'
            : `is not valid YAML: ${message}`,
      }));
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    return { value, lineOf: (path) => lineIn(document, lines, path) };
  } catch (error) {
    // Nesting beyond the stack, or too many aliases: yaml throws for both.
    return [{ message: `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}` }];
  }
}

function lineIn(document: Document, lines: LineCounter, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    if (!isCollection(node)) break;
    offset = keyOffset(node, step) ?? offset;
    node = node.get(step, true);
    if (typeof step === 'number' && isNode(node)) offset = node.range?.[0] ?? offset;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** Where the key itself stands: a value may begin on a later line. */
function keyOffset(node: unknown, step: string | number): number | undefined {
  if (!isMap(node)) return undefined;
  const key = node.items
    .map((pair) => pair.key)
    .find((candidate) => isScalar(candidate) && candidate.value === step);
  return isNode(key) ? key.range?.[0] : undefined;
}
