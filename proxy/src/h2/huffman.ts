/**
 * The Huffman code of HPACK (RFC 7541 section 5.2 and appendix B), decoded four bits at a time: no code is shorter than
 * five bits, so a step gives one symbol at most. Nothing is encoded with it: on a pod network bytes are cheaper than
 * time.
 */
import { Code, ConnectionError } from './protocol';

/**
 * Bits of the code of each symbol, in base 36; the code is canonical, so this is all of it. The last one is the end of
 * string.
 */
const LENGTHS = [
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca',
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds',
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn',
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq',
  'u',
].join('');
const END_OF_STRING = 256;
const MAX_PADDING_BITS = 7;

/**
 * A step: the next state in the lower byte, a symbol above it, then whether there is one, and whether the code is
 * broken.
 */
const SYMBOL_SHIFT = 8;
const HAS_SYMBOL = 1 << 16;
const BROKEN = 1 << 17;
const STEPS = new Int32Array(256 * 16);
/** States in which a string may end: the bits since the last symbol are ones, and fewer than eight. */
const MAY_END = new Uint8Array(256);

/** A tree node: inner ones hold their children, leaves a symbol. */
type Node = [Node, Node] | number;

function codes(): { symbol: number; code: number; bits: number }[] {
  const order = Array.from(LENGTHS, (digit, symbol) => ({ symbol, bits: parseInt(digit, 36), code: 0 }));
  order.sort((a, b) => a.bits - b.bits || a.symbol - b.symbol);
  let code = 0;
  let bits = 0;
  for (const entry of order) {
    code <<= entry.bits - bits;
    bits = entry.bits;
    entry.code = code++;
  }
  return order;
}

function tree(): Node {
  const root: Node[] = [];
  for (const { symbol, code, bits } of codes()) {
    let node = root;
    for (let at = bits - 1; at > 0; at--) node = (node[(code >>> at) & 1] ??= [] as unknown as Node) as Node[];
    node[code & 1] = symbol;
  }
  return root as unknown as Node;
}

function fillTables(): void {
  const states: Node[] = [tree()];
  const numbers = new Map<Node, number>([[states[0]!, 0]]);
  const numberOf = (node: Node): number => {
    if (!numbers.has(node)) {
      numbers.set(node, states.length);
      states.push(node);
    }
    return numbers.get(node)!;
  };
  for (let state = 0; state < states.length; state++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      STEPS[state * 16 + nibble] = step(states[state]!, nibble, states[0]!, numberOf);
    }
  }
  let padding = states[0]!;
  for (let bits = 0; bits <= MAX_PADDING_BITS; bits++) {
    MAY_END[numberOf(padding)] = 1;
    padding = (padding as [Node, Node])[1];
  }
}

function step(from: Node, nibble: number, root: Node, numberOf: (node: Node) => number): number {
  let node = from;
  let found = 0;
  for (let at = 3; at >= 0; at--) {
    node = (node as [Node, Node])[(nibble >> at) & 1]!;
    if (typeof node !== 'number') continue;
    if (node === END_OF_STRING) return BROKEN;
    found = HAS_SYMBOL | (node << SYMBOL_SHIFT);
    node = root;
  }
  return found | numberOf(node);
}

fillTables();

/** Longest that a coded string of that many bytes can become. */
export function decodedBound(bytes: number): number {
  return Math.ceil(bytes * 8 / 5);
}

/** Decodes into `out`, which has room for `decodedBound`; returns how many bytes it wrote. */
export function decodeHuffman(from: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let state = 0;
  let size = 0;
  for (let at = start; at < end; at++) {
    const byte = from[at]!;
    const high = STEPS[state * 16 + (byte >> 4)]!;
    if (high & HAS_SYMBOL) out[size++] = high >> SYMBOL_SHIFT;
    const low = STEPS[(high & 255) * 16 + (byte & 15)]!;
    if (low & HAS_SYMBOL) out[size++] = low >> SYMBOL_SHIFT;
    if ((high | low) & BROKEN) throw broken();
    state = low & 255;
  }
  if (MAY_END[state] === 0) throw broken();
  return size;
}

function broken(): ConnectionError {
  return new ConnectionError(Code.COMPRESSION_ERROR, 'a Huffman code is broken');
}
