import fc from 'fast-check';
import { Decoder } from '../../src/h2/hpack-decoder';
import { blockBound, Encoder } from '../../src/h2/hpack-encoder';
import { decodedBound, decodeHuffman } from '../../src/h2/huffman';

const LIMIT = 128 * 1024;

function decode(decoder: Decoder, block: Buffer): readonly string[] {
  return [...decoder.decode(block, 0, block.length)];
}

function encode(encoder: Encoder, list: readonly string[]): Buffer {
  const out = Buffer.alloc(blockBound(list) + 64);
  return out.subarray(0, encoder.encode(list, out, 0));
}

const hex = (text: string) => Buffer.from(text, 'hex');
const REQUESTS = [
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'],
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com', 'cache-control', 'no-cache'],
  [':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com', 'custom-key', 'custom-value'],
];
const dated = (status: string, second: number) => [
  ':status', status, 'cache-control', 'private', 'date', `Mon, 21 Oct 2013 20:13:2${second} GMT`, 'location', 'https://www.example.com',
];
const RESPONSES = [
  dated('302', 1),
  dated('307', 1),
  [...dated('200', 2), 'content-encoding', 'gzip', 'set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
];
/** Both sides agree on a table of 256 bytes. */
const SMALL_TABLE = '3fe101';

describe('the examples of RFC 7541', () => {
  test.each([
    ['C.2.1', '400a637573746f6d2d6b65790d637573746f6d2d686561646572', ['custom-key', 'custom-header']],
    ['C.2.2', '040c2f73616d706c652f70617468', [':path', '/sample/path']],
    ['C.2.3', '100870617373776f726406736563726574', ['password', 'secret']],
    ['C.2.4', '82', [':method', 'GET']],
  ])('%s is decoded', (_section, block, list) => {
    expect(decode(new Decoder(LIMIT), hex(block))).toEqual(list);
  });

  test.each([
    ['C.3', ['828684410f7777772e6578616d706c652e636f6d', '828684be58086e6f2d6361636865', '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565'], REQUESTS],
    ['C.4', ['828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf', '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf'], REQUESTS],
    ['C.5', [
      `${SMALL_TABLE}4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d`,
      '4803333037c1c0bf',
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
    ], RESPONSES],
    ['C.6', [
      `${SMALL_TABLE}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3`,
      '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ], RESPONSES],
  ])('%s is decoded, one block after the other', (_section, blocks, lists) => {
    const decoder = new Decoder(LIMIT);
    expect(blocks.map((block) => decode(decoder, hex(block)))).toEqual(lists);
  });
});

describe('a block that breaks HPACK', () => {
  test.each([
    ['index 0', '80'],
    ['an index beyond the table', 'be'],
    ['the name of an index beyond the table', '7f0000'],
    ['an integer without an end', '7fffffff'],
    ['an integer that grows without bound', `7f${'80'.repeat(20)}00`],
    ['a string longer than the block', '00056162'],
    ['a name without a value', '000161'],
    ['a table larger than allowed', '3fe21f'],
    ['a table size behind a field', '8220'],
    ['three table sizes', '20203f'],
    ['a Huffman code padded with zeros', '0001618100'],
    ['a Huffman code padded with more than seven bits', '00016182ffff'],
    ['a Huffman code that holds the end of string', '00016184ffffffff'],
  ])('%s is a compression error', (_what, block) => {
    expect(() => decode(new Decoder(LIMIT), hex(block))).toThrow(expect.objectContaining({ code: 9 }));
  });

  test.each([
    ['an upper-case letter in a name', '0001410161'],
    ['a blank in a name', '0001200161'],
    ['an empty name', '00000161'],
    ['a colon alone', '00013a0161'],
    ['a line end in a value', '00016103610a61'],
    ['a zero byte in a value', '0001610100'],
    ['a blank in front of a value', '000161022061'],
  ])('%s makes the call malformed, and every later one that refers to it', (_what, block) => {
    const decoder = new Decoder(LIMIT);
    const indexed = hex(`40${block.slice(2)}`);
    decode(decoder, indexed);
    expect(decoder.malformed).toBe(true);
    decode(decoder, hex('82'));
    expect(decoder.malformed).toBe(false);
    decode(decoder, hex('be'));
    expect(decoder.malformed).toBe(true);
  });
});

describe('a list larger than allowed', () => {
  test('is refused by its size in RFC 9113, field by field, and the table stays in step', () => {
    const decoder = new Decoder(100);
    expect(decode(decoder, hex('4001610162'))).toEqual(['a', 'b']);
    // Three times 34 bytes.
    expect(decode(decoder, hex('bebebe'))).toEqual(['a', 'b', 'a', 'b']);
    expect(decoder.tooLarge).toBe(true);
    // The second field goes into the table although the list is full.
    decode(decoder, hex('bebebe4001630164'));
    expect(decode(decoder, hex('bebf'))).toEqual(['c', 'd', 'a', 'b']);
    expect(decoder.tooLarge).toBe(false);
  });

  test('costs no memory though each byte of it stands for a large field', () => {
    const decoder = new Decoder(LIMIT);
    const encoder = Buffer.concat([hex('4001617fd11e'), Buffer.alloc(4048, 'x')]);
    expect(decode(decoder, encoder)[1]).toHaveLength(4048);
    const bomb = Buffer.alloc(1024 ** 2, 0xbe);
    const list = decode(decoder, bomb);
    expect(decoder.tooLarge).toBe(true);
    expect(list.length / 2).toBe(Math.floor(LIMIT / (1 + 4048 + 32)));
  });
});

describe('the encoder', () => {
  test('sends a value that came before for one byte, and a fresh one as it is each time', () => {
    const encoder = new Encoder();
    const sizes = Array.from({ length: 4 }, (_, at) => encode(encoder, ['x-same', 'value', 'x-fresh', `fresh ${at}`]).length);
    // Both names go into the table at once, with the first value of each; an index as the name of a literal takes two bytes.
    expect(sizes).toEqual([14 + 17, 1 + 10, 1 + 10, 1 + 10]);
  });

  test('names a field of the static table by its index', () => {
    expect(encode(new Encoder(), [':method', 'POST', ':status', '200']).toString('hex')).toBe('8388');
  });

  test.each(['authorization', 'cookie', 'dapr-api-token'])('marks %s as never to be indexed', (name) => {
    const encoder = new Encoder();
    const blocks = Array.from({ length: 3 }, () => encode(encoder, [name, 'secret']));
    expect(blocks.map((block) => block[0]! & 0xf0)).toEqual([0x10, 0x10, 0x10]);
  });

  test('passes the mark of the peer on, although it had indexed the value before', () => {
    const encoder = new Encoder();
    encode(encoder, ['x-later-secret', 'one']);
    expect(encode(encoder, ['x-later-secret', 'one'])).toHaveLength(1);
    decode(new Decoder(LIMIT), Buffer.concat([hex('100e'), Buffer.from('x-later-secret'), hex('036f6e65')]));
    expect(encode(encoder, ['x-later-secret', 'one'])[0]! & 0xf0).toBe(0x10);
  });

  test.each([
    ['name', ['a', '1', 'Bad', '2']], ['name', ['a', '1', 'ä', '2']], ['value', ['a', '1', 'b', 'line\nend']],
    ['value', ['a', '1', 'b', 'ключ']], ['value', ['a', '1', 'b', `${'long '.repeat(50)}\0`]],
  ])('throws at a bad %s and stays in step with its peer', (_what, bad) => {
    const [encoder, decoder] = [new Encoder(), new Decoder(LIMIT)];
    const good = ['a', '1', 'c', '3'];
    expect(decode(decoder, encode(encoder, good))).toEqual(good);
    expect(() => encode(encoder, bad)).toThrow(/not allowed in HTTP\/2/);
    for (let round = 0; round < 3; round++) expect(decode(decoder, encode(encoder, good))).toEqual(good);
  });

  test('tells the smallest table size and the last one, when the peer changes it twice', () => {
    const [encoder, decoder] = [new Encoder(), new Decoder(LIMIT)];
    decode(decoder, encode(encoder, ['a', '1']));
    encoder.resize(0);
    encoder.resize(100_000);
    const block = encode(encoder, ['a', '1']);
    expect(block.subarray(0, 4).toString('hex')).toBe('203fe11f');
    expect(decode(decoder, block)).toEqual(['a', '1']);
  });
});

const text = fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 40 });
const name = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz-0123456789'), minLength: 1, maxLength: 12 });
const field = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'content-type', ':path', 'cookie'), fc.constantFrom('', '1', '2', '3', 'POST', '/', 'x'.repeat(200))),
  fc.tuple(name, text),
  fc.tuple(name, fc.constantFrom('y'.repeat(600), 'z'.repeat(5000))),
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.array(field, { maxLength: 12 }).map((fields) => ({ list: fields.flat() })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6000 }).map((size) => ({ size })) },
  { weight: 1, arbitrary: fc.constant({ list: ['a', 'ok', 'a', 'not\nok'] }) },
);

test('whatever the encoder writes, whatever sizes the peer asks for in between, the decoder reads the same lists', () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
    const [encoder, decoder] = [new Encoder(), new Decoder(LIMIT)];
    for (const one of steps) {
      if ('size' in one) {
        encoder.resize(one.size);
      } else if (one.list.includes('not\nok')) {
        expect(() => encode(encoder, one.list)).toThrow();
      } else {
        // Twice, as the caches of both sides see it.
        for (let round = 0; round < 2; round++) expect(decode(decoder, encode(encoder, one.list))).toEqual(one.list);
      }
    }
  }), { numRuns: 300 });
});

test('random bytes are decoded, or end in a compression error and nothing else', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (blocks) => {
    const decoder = new Decoder(LIMIT);
    try {
      for (const block of blocks) decode(decoder, Buffer.from(block));
    } catch (error) {
      expect(error).toMatchObject({ code: 9 });
    }
  }), { numRuns: 3000 });
});

test('random bytes as a Huffman code never write beyond their bound', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const out = new Uint8Array(decodedBound(bytes.length) + 1).fill(1);
    try {
      expect(decodeHuffman(bytes, 0, bytes.length, out)).toBeLessThan(out.length);
    } catch (error) {
      expect(error).toMatchObject({ code: 9 });
    }
    expect(out.at(-1)).toBe(1);
  }), { numRuns: 2000 });
});
