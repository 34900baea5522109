/**
 * The latest short header blocks of a connection that said nothing new, with the lists they mean: callers repeat
 * theirs from call to call. A few slots found by two numbers of the block, so nothing that a peer sends makes it grow,
 * and each holds only while the table is the same.
 */
import { RawHeaders } from './protocol';

const SLOTS = 8;
const MAX_BLOCK_BYTES = 160;
const MAX_LIST_BYTES = 4096;

interface Slot {
  readonly bytes: Uint8Array;
  length: number;
  generation: number;
  list: RawHeaders;
}

export class BlockCache {
  private readonly slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);

  public find(block: Uint8Array, start: number, end: number, generation: number): RawHeaders | undefined {
    const length = end - start;
    if (length === 0 || length > MAX_BLOCK_BYTES) return undefined;
    const slot = this.slots[(length + block[end - 1]!) % SLOTS];
    if (slot === undefined || slot.length !== length || slot.generation !== generation) return undefined;
    const { bytes } = slot;
    for (let at = 0; at < length; at++) if (bytes[at] !== block[start + at]) return undefined;
    return slot.list;
  }

  public keep(
    block: Uint8Array, start: number, end: number, generation: number, list: RawHeaders, listBytes: number,
  ): void {
    const length = end - start;
    if (length === 0 || length > MAX_BLOCK_BYTES || listBytes > MAX_LIST_BYTES) return;
    const slot = this.slots[(length + block[end - 1]!) % SLOTS] ??= {
      bytes: new Uint8Array(MAX_BLOCK_BYTES), length, generation, list,
    };
    for (let at = 0; at < length; at++) slot.bytes[at] = block[start + at]!;
    slot.length = length;
    slot.generation = generation;
    slot.list = list;
  }
}
