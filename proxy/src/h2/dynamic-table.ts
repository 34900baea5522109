/** The dynamic table of HPACK (RFC 7541 section 2.3.2) as a ring; both ends of a connection keep an equal one. */

/** Announced by nobody, so it is the size that both sides begin with; a peer may ask for less. */
export const TABLE_BYTES = 4096;
/** RFC 7541 section 4.1. */
export const ENTRY_BYTES = 32;
/** As many entries as fit when all of them are empty. */
const SLOTS = TABLE_BYTES / ENTRY_BYTES;

export interface Entry {
  readonly name: string;
  readonly value: string;
}

export class DynamicTable<E extends Entry> {
  /** All entries ever added; each is known by its number. */
  public inserted = 0;
  public length = 0;
  /** Changes whenever the table does. */
  public generation = 0;
  private bytes = 0;
  private limit = TABLE_BYTES;
  private readonly ring: (E | undefined)[] = new Array<E | undefined>(SLOTS).fill(undefined);

  public constructor(private readonly evicted?: (entry: E, number: number) => void) {}

  /** Index 0 is the newest. */
  public at(index: number): E | undefined {
    return index < this.length ? this.ring[(this.inserted - 1 - index) % SLOTS] : undefined;
  }

  /** False when it is larger than the table, which is empty then. */
  public add(entry: E): boolean {
    const bytes = entry.name.length + entry.value.length + ENTRY_BYTES;
    this.generation++;
    this.shrinkTo(this.limit - bytes);
    if (bytes > this.limit) return false;
    this.ring[this.inserted++ % SLOTS] = entry;
    this.length++;
    this.bytes += bytes;
    return true;
  }

  public resize(limit: number): void {
    this.limit = limit;
    this.generation++;
    this.shrinkTo(limit);
  }

  private shrinkTo(bytes: number): void {
    while (this.bytes > bytes && this.length > 0) {
      const number = this.inserted - this.length;
      const entry = this.ring[number % SLOTS]!;
      this.ring[number % SLOTS] = undefined;
      this.length--;
      this.bytes -= entry.name.length + entry.value.length + ENTRY_BYTES;
      this.evicted?.(entry, number);
    }
  }
}
