/**
 * Blocks of lists that are sent again and again, by the identity of the list: a few slots, filled by a list that came
 * twice, each good while the table is the same.
 */
import { RawHeaders } from './protocol';

const SLOTS = 4;
const MAX_BLOCK_BYTES = 64;
const MAX_FIELDS = 64;

interface Slot {
  list: RawHeaders;
  generation: number;
  readonly bytes: Uint8Array;
  length: number;
}

const NONE: RawHeaders = [];

export class ListCache {
  private readonly slots = Array.from({ length: SLOTS }, (): Slot => (
    { list: NONE, generation: -1, bytes: new Uint8Array(MAX_BLOCK_BYTES), length: 0 }
  ));
  private next = 0;

  /** The end of the block; 0 when it is not known. */
  public write(list: RawHeaders, generation: number, out: Uint8Array, at: number): number {
    for (const slot of this.slots) {
      if (slot.list !== list || slot.generation !== generation) continue;
      const { bytes, length } = slot;
      for (let index = 0; index < length; index++) out[at + index] = bytes[index]!;
      return at + length;
    }
    return 0;
  }

  public keep(list: RawHeaders, generation: number, out: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > MAX_BLOCK_BYTES || list.length > MAX_FIELDS || list.length === 0) return;
    let slot = this.slots.find((one) => one.list === list);
    if (slot === undefined) {
      // The list alone at first: most never come again.
      slot = this.slots[this.next]!;
      this.next = (this.next + 1) % SLOTS;
      slot.list = list;
      slot.generation = -1;
      return;
    }
    for (let index = 0; index < length; index++) slot.bytes[index] = out[start + index]!;
    slot.length = length;
    slot.generation = generation;
  }
}
