/**
 * Fields to header blocks (RFC 7541). A value is put into the table when it comes for the second time: what repeats
 * costs one byte from then on, and what is fresh in each call (trace ids, deadlines) never pushes it out.
 */
import { DynamicTable, Entry, ENTRY_BYTES, TABLE_BYTES } from './dynamic-table';
import { VALUE_BYTES } from './field-bytes';
import { checkName } from './field-check';
import { ListCache } from './list-cache';
import { neverIndexed } from './never-indexed';
import { RawHeaders } from './protocol';
import { STATIC_NAMES, STATIC_TABLE } from './static-table';

const NOWHERE = -1;

/** Where values are: few, and compared one by one, since a map would make a hash of each fresh value. */
class Places {
  private readonly values: string[] = [];
  private readonly numbers: number[] = [];

  public find(value: string): number {
    const at = this.values.indexOf(value);
    return at < 0 ? NOWHERE : this.numbers[at]!;
  }

  public add(value: string, number: number): void {
    this.values.push(value);
    this.numbers.push(number);
  }

  public remove(number: number): void {
    const at = this.numbers.indexOf(number);
    if (at < 0) return;
    this.values.splice(at, 1);
    this.numbers.splice(at, 1);
  }

  public clear(): void {
    this.values.length = this.numbers.length = 0;
  }
}

/** The entry of one header name. */
class Name {
  public readonly fixedIndex: number;
  /** Values in the static table. */
  public readonly fixed = new Places();
  /** Values in the dynamic table, with the numbers of their entries. */
  public readonly values = new Places();
  /** No value of it stays in a table. */
  public never: boolean;
  /** The newest entry with this name; it may be gone already. */
  public entry = -1;
  /** The two latest values that are not in the table. */
  public latest = '';
  public previous = '';

  public constructor(public readonly text: string) {
    this.fixedIndex = STATIC_NAMES.get(text) ?? 0;
    STATIC_TABLE.forEach(({ name, value }, index) => name === text && this.fixed.add(value, index));
    this.never = neverIndexed.has(text);
  }
}

interface OwnEntry extends Entry {
  readonly owner: Name;
}

const STATIC_ENTRIES = STATIC_TABLE.length - 1;
/** Callers choose the names; those beyond are written out each time. */
const MAX_NAMES = 128;
/** A larger value would push too much out of the table. */
const MAX_INDEXED_BYTES = TABLE_BYTES / 8;
/** Written byte by byte up to here: a call into native code costs more. */
const SHORT = 96;
/** Index and two lengths of a field, and the size updates, at most. */
const FIELD_OVERHEAD = 16;

/** Room that the block of a list may need. */
export function blockBound(list: RawHeaders): number {
  let bytes = FIELD_OVERHEAD;
  for (let at = 0; at < list.length; at += 2) bytes += list[at]!.length + list[at + 1]!.length + FIELD_OVERHEAD;
  return bytes;
}

export class Encoder {
  private readonly names = new Map<string, Name>();
  private readonly table = new DynamicTable<OwnEntry>(({ owner }, number) => owner.values.remove(number));
  private readonly cache = new ListCache();
  private secrets = neverIndexed.size;
  private limit = TABLE_BYTES;
  /** Sizes to be told at the beginning of the next block; the smallest since the latest block comes first. */
  private updates: number[] = [];
  private out: Buffer = Buffer.alloc(0);
  private at = 0;

  /** The peer's HEADER_TABLE_SIZE. */
  public resize(size: number): void {
    const limit = Math.min(size, TABLE_BYTES);
    if (limit === this.limit) return;
    this.limit = limit;
    this.table.resize(limit);
    this.updates = this.updates.length > 0 && this.updates[0]! < limit ? [this.updates[0]!, limit] : [limit];
  }

  /**
   * Writes to `out`, which has room for `blockBound`; returns the end. Throws when a field cannot be sent, and nothing
   * is written then.
   */
  public encode(list: RawHeaders, out: Buffer, at: number): number {
    const { cache, table: { generation } } = this;
    if (this.updates.length === 0 && this.secrets === neverIndexed.size) {
      const end = cache.write(list, generation, out, at);
      if (end > 0) return end;
    }
    this.out = out;
    this.at = at;
    this.preamble();
    try {
      for (let field = 0; field < list.length; field += 2) this.field(list[field]!, list[field + 1]!);
    } catch (error) {
      this.forget();
      throw error;
    }
    if (this.table.generation === generation) cache.keep(list, generation, out, at, this.at);
    return this.at;
  }

  private preamble(): void {
    for (const size of this.updates) this.integer(0x20, 0x1f, size);
    this.updates = [];
    if (this.secrets === neverIndexed.size) return;
    this.secrets = neverIndexed.size;
    for (const name of this.names.values()) {
      name.never = neverIndexed.has(name.text);
      if (name.never) name.values.clear();
    }
  }

  /** The entries of a block that never leaves are unknown to the peer, so the next one empties both tables. */
  private forget(): void {
    this.table.resize(0);
    this.table.resize(this.limit);
    this.updates = this.limit === 0 ? [0] : [0, this.limit];
  }

  private field(text: string, value: string): void {
    const name = this.names.get(text) ?? this.newName(text);
    const fixed = name.fixed.find(value);
    if (fixed !== NOWHERE) return this.integer(0x80, 0x7f, fixed);
    const known = name.values.find(value);
    if (known !== NOWHERE) return this.integer(0x80, 0x7f, STATIC_ENTRIES + this.table.inserted - known);
    const { never } = name;
    const index = this.indexOf(name);
    const indexing = !never && this.isWorthIndexing(name, value, index);
    if (indexing) this.integer(0x40, 0x3f, index);
    else this.integer(never ? 0x10 : 0, 0x0f, index);
    if (index === 0) this.text(text);
    this.text(value);
    if (indexing) this.index(name, value);
  }

  private newName(text: string): Name {
    checkName(text);
    const name = new Name(text);
    if (this.names.size < MAX_NAMES) this.names.set(text, name);
    return name;
  }

  private indexOf(name: Name): number {
    if (name.fixedIndex > 0) return name.fixedIndex;
    const age = this.table.inserted - name.entry;
    return name.entry >= 0 && age <= this.table.length ? STATIC_ENTRIES + age : 0;
  }

  private isWorthIndexing(name: Name, value: string, index: number): boolean {
    const bytes = name.text.length + value.length + ENTRY_BYTES;
    if (neverIndexed.full || bytes > Math.min(MAX_INDEXED_BYTES, this.limit)) return false;
    // A name that is in no table yet goes there with its first value.
    if (index === 0 && this.names.has(name.text)) return true;
    if (value === name.latest || value === name.previous) return true;
    name.previous = name.latest;
    name.latest = value;
    return false;
  }

  private index(name: Name, value: string): void {
    name.entry = this.table.inserted;
    name.values.add(value, name.entry);
    this.table.add({ name: name.text, value, owner: name });
  }

  private integer(flags: number, mask: number, value: number): void {
    const { out } = this;
    if (value < mask) {
      out[this.at++] = flags | value;
      return;
    }
    out[this.at++] = flags | mask;
    let rest = value - mask;
    for (; rest > 0x7f; rest >>>= 7) out[this.at++] = (rest & 0x7f) | 0x80;
    out[this.at++] = rest;
  }

  private text(text: string): void {
    const { length } = text;
    this.integer(0, 0x7f, length);
    if (length > SHORT) return this.longText(text);
    const { out } = this;
    let at = this.at;
    for (let index = 0; index < length; index++) {
      const char = text.charCodeAt(index);
      if (char > 255 || VALUE_BYTES[char] === 0) throw notAllowed();
      out[at++] = char;
    }
    this.at = at;
  }

  private longText(text: string): void {
    // eslint-disable-next-line no-control-regex
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw notAllowed();
    this.at += this.out.write(text, this.at, 'latin1');
  }
}

function notAllowed(): Error {
  return new Error('a header value is not allowed in HTTP/2');
}
