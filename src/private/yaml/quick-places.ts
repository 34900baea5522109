/** Places in documents that were read line by line (`quick-yaml.ts`), which are looked for only when a problem asks. */
import { blanksBefore, ITEM, KEY, SEPARATOR, WITHOUT_CONTENT } from './quick-yaml';
import type { Span } from './yaml-plain';
import type { Path } from '../problem/problem';

/** Documents whose places were asked for last: a problem may name the place of another function, too. */
const recent = new Map<Span, Places>();
const MAX_RECENT = 8;

/**
 * Offset in the document of the key or item that a path names, or of the nearest one above it, and how much of the path
 * is there. Nothing when the library has to say it.
 */
export function quickPlace(text: string, span: Span, path: Path): { offset: number; depth: number } | undefined {
  const known = recent.get(span) ?? new Places(text.slice(span.start, span.end));
  if (recent.size >= MAX_RECENT && !recent.has(span)) recent.clear();
  recent.set(span, known);
  return known.find(path);
}

interface Spot {
  readonly line: number;
  readonly column: number;
}

/** A key, or what an item has. */
interface Entry {
  /** None of an item that is empty. */
  readonly spot?: Spot;
  /** Where the map or list that it has begins. */
  readonly below?: Spot;
  /** Has a list or a map in one line. */
  readonly isFlow?: boolean;
}

/**
 * The lines of a document that the quick reader took, so that they are as they should be. Only maps and lists on the
 * way of a path are looked at, and each once; what is deeper is passed over.
 */
class Places {
  private readonly lines: readonly string[];
  private readonly starts = [0];
  private readonly entries = new Map<Spot, ReadonlyMap<string | number, Entry>>();
  private readonly root?: Spot;

  public constructor(text: string) {
    this.lines = text.split('\n');
    for (const { length } of this.lines) this.starts.push(this.starts[this.starts.length - 1] + length + 1);
    // The separator that begins it belongs to the document.
    this.root = this.contentFrom(this.lines[0] === SEPARATOR ? 1 : 0);
  }

  public find(path: Path): { offset: number; depth: number } | undefined {
    let entry: Entry = { spot: this.root, below: this.root };
    let depth = 0;
    for (; depth < path.length; depth++) {
      if (entry.isFlow === true) return undefined;
      const next: Entry | undefined = entry.below && this.below(entry.below).get(path[depth]);
      if (next === undefined) break;
      entry = next;
    }
    const { spot } = entry;
    return spot && { offset: this.starts[spot.line] + spot.column, depth };
  }

  private contentFrom(first: number): Spot | undefined {
    let line = first;
    while (line < this.lines.length && WITHOUT_CONTENT.test(this.lines[line])) line++;
    return line < this.lines.length ? { line, column: blanksBefore(this.lines[line]) } : undefined;
  }

  private below(begin: Spot): ReadonlyMap<string | number, Entry> {
    const known = this.entries.get(begin) ?? this.entriesOf(begin);
    this.entries.set(begin, known);
    return known;
  }

  private entriesOf({ line: first, column }: Spot): ReadonlyMap<string | number, Entry> {
    const entries = new Map<string | number, Entry>();
    const isList = ITEM.test(this.lines[first].slice(column));
    for (let line = first; line < this.lines.length; line++) {
      const text = this.lines[line];
      const indent = line === first ? column : blanksBefore(text);
      if (indent > column || WITHOUT_CONTENT.test(text)) continue;
      const [before, written] = (isList ? ITEM : KEY).exec(text.slice(column)) ?? [];
      if (indent < column || (isList && before === undefined)) break;
      // Items at the place of a key are those of the list that it has.
      if (before === undefined) continue;
      const key = isList ? entries.size : written.startsWith('"') ? written.slice(1, -1) : written;
      entries.set(key, this.entry(line, column, column + before.length, isList));
    }
    return entries;
  }

  private entry(line: number, column: number, end: number, isItem: boolean): Entry {
    const rest = this.lines[line].slice(end);
    const spot = { line, column: isItem ? end : column };
    if (rest === '' || rest.startsWith('#')) {
      const next = this.contentFrom(line + 1);
      const isListBelow = !isItem && next?.column === column && ITEM.test(this.lines[next.line].slice(column));
      const below = next !== undefined && (next.column > column || isListBelow) ? next : undefined;
      return { spot: isItem ? below : spot, below };
    }
    const isBegin = isItem && (ITEM.test(rest) || KEY.test(rest));
    return { spot, below: isBegin ? spot : undefined, isFlow: /^[[{]/.test(rest) };
  }
}
