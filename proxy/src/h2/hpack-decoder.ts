/**
 * Header blocks to fields (RFC 7541). A block too large for the list is still decoded to its end, so that the table
 * stays that of the peer and one call fails alone.
 */
import { BlockCache } from './block-cache';
import { DynamicTable, Entry, ENTRY_BYTES, TABLE_BYTES } from './dynamic-table';
import { isName, isValue } from './field-bytes';
import { decodedBound, decodeHuffman } from './huffman';
import { neverIndexed } from './never-indexed';
import { Code, ConnectionError, RawHeaders } from './protocol';
import { STATIC_TABLE } from './static-table';

interface DecodedEntry extends Entry {
  /** It broke the rules of names and values, and so does every call that refers to it. */
  readonly bad: boolean;
}

const STATIC_ENTRIES = STATIC_TABLE.length - 1;
const SCRATCH_BYTES = 16 * 1024;
const MAX_INTEGER_SHIFT = 21;

const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

export class Decoder {
  /** Whether the header list of the latest block was larger than allowed. */
  public tooLarge = false;
  /** Of the latest block: a name or value has a byte that none may have. */
  public malformed = false;
  private readonly table = new DynamicTable<DecodedEntry>();
  private readonly cache = new BlockCache();
  private block: Buffer = scratch;
  private at = 0;
  private end = 0;
  private bad = false;
  private bytes = 0;
  private fields: string[] = [];

  public constructor(private readonly maxListBytes: number) {}

  public decode(block: Buffer, start: number, end: number): RawHeaders {
    this.tooLarge = this.malformed = false;
    const known = this.cache.find(block, start, end, this.table.generation);
    if (known !== undefined) return known;
    const { generation } = this.table;
    this.block = block;
    this.at = start;
    this.end = end;
    this.bytes = 0;
    this.fields = [];
    this.sizeUpdates();
    while (this.at < end) this.field();
    const { fields } = this;
    this.fields = [];
    this.block = scratch;
    if (this.table.generation === generation && !this.tooLarge && !this.malformed) {
      this.cache.keep(block, start, end, generation, fields, this.bytes);
    }
    return fields;
  }

  private field(): void {
    const byte = this.block[this.at]!;
    if (byte >= 0x80) {
      const index = this.integer(0x7f);
      const fixed = index > 0 && index <= STATIC_ENTRIES ? STATIC_TABLE[index]! : undefined;
      if (fixed !== undefined) return this.push(fixed.name, fixed.value, false);
      const { name, value, bad } = this.dynamic(index);
      return this.push(name, value, bad);
    }
    if (byte >= 0x20 && byte < 0x40) throw broken('a table size changes in the middle of a block');
    const indexing = byte >= 0x40;
    const index = this.integer(indexing ? 0x3f : 0x0f);
    this.bad = false;
    const name = index === 0 ? this.text(true) : this.nameOf(index);
    const value = this.text(false);
    if (indexing) this.table.add({ name, value, bad: this.bad });
    else if (byte >= 0x10) neverIndexed.add(name);
    this.push(name, value, this.bad);
  }

  private push(name: string, value: string, bad: boolean): void {
    if (bad) this.malformed = true;
    this.bytes += name.length + value.length + ENTRY_BYTES;
    if (this.bytes <= this.maxListBytes) this.fields.push(name, value);
    else this.tooLarge = true;
  }

  /** RFC 7541 section 4.2: only at the beginning of a block, at most two of them. */
  private sizeUpdates(): void {
    for (let count = 0; this.at < this.end && (this.block[this.at]! & 0xe0) === 0x20; count++) {
      const size = this.integer(0x1f);
      if (size > TABLE_BYTES || count >= 2) throw broken('a table size is not allowed');
      this.table.resize(size);
    }
  }

  private nameOf(index: number): string {
    if (index <= STATIC_ENTRIES) return STATIC_TABLE[index]!.name;
    const { name, bad } = this.dynamic(index);
    // Its value may have been the cause; the name is looked at again where it matters, which is never for honest peers.
    if (bad) this.bad = !isName(Buffer.from(name, 'latin1'), 0, name.length);
    return name;
  }

  private dynamic(index: number): DecodedEntry {
    const entry = index > STATIC_ENTRIES ? this.table.at(index - STATIC_ENTRIES - 1) : undefined;
    if (entry === undefined) throw broken('an index is not in the table');
    return entry;
  }

  private integer(mask: number): number {
    let value = this.block[this.at++]! & mask;
    if (value < mask) return value;
    for (let shift = 0; ; shift += 7) {
      if (this.at >= this.end || shift > MAX_INTEGER_SHIFT) throw broken('an integer does not end');
      const byte = this.block[this.at++]!;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  private text(isNameText: boolean): string {
    if (this.at >= this.end) throw broken('a string is missing');
    const coded = this.block[this.at]! >= 0x80;
    const length = this.integer(0x7f);
    const start = this.at;
    this.at += length;
    if (this.at > this.end) throw broken('a string is longer than its block');
    if (!coded) return this.checked(this.block, start, this.at, isNameText);
    const room = decodedBound(length);
    // Beyond the shared one only for a header that is refused in all likelihood.
    const out = room <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(room);
    return this.checked(out, 0, decodeHuffman(this.block, start, this.at, out), isNameText);
  }

  private checked(bytes: Buffer, start: number, end: number, isNameText: boolean): string {
    if (!(isNameText ? isName(bytes, start, end) : isValue(bytes, start, end))) this.bad = true;
    return bytes.toString('latin1', start, end);
  }
}

function broken(why: string): ConnectionError {
  return new ConnectionError(Code.COMPRESSION_ERROR, why);
}
