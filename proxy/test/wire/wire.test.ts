import { FAILURES, grpcCodeOfStatus } from '../../src/wire/failures';
import { encodeStatusMessage, formatTimeout, frameMessage, parseTimeout, unframeMessage } from '../../src/wire/grpc-wire';
import { forwardable, Remembered, withHeader } from '../../src/wire/headers';
import { fieldsOf, stringField, Writer } from '../../src/wire/protobuf';

describe('headers', () => {
  test('that are hop-by-hop do not pass, also when connection names them, in any case', () => {
    const raw = ['Connection', 'Close, X-Mine', 'x-mine', '1', 'Keep-Alive', '5', 'Transfer-Encoding', 'chunked', 'Upgrade', 'h2c', 'Host', 'a', ':path', '/', 'X-Kept', '2'];
    expect(forwardable(raw)).toEqual(['X-Kept', '2']);
  });

  test('te passes only as trailers', () => {
    expect(forwardable(['te', 'trailers', 'te', 'gzip'])).toEqual(['te', 'trailers']);
  });

  test('of the same list are the same array as long as it is among the latest, for the same words', () => {
    let made = 0;
    const numbered = new Remembered((raw, word) => [...raw, word!, String(++made)]);
    const lists = Array.from({ length: 9 }, (_, at) => [`n${at}`, 'v']);
    const first = lists.map((list) => numbered.of(list, 'a'));
    expect(numbered.of(lists[8]!, 'a')).toBe(first[8]);
    expect(numbered.of(lists[0]!, 'a')).toEqual(['n0', 'v', 'a', '10']);
    expect(numbered.of(lists[8]!, 'b')).toEqual(['n8', 'v', 'b', '11']);
    expect(numbered.of([...lists[8]!], 'b')).toEqual(['n8', 'v', 'b', '12']);
  });

  test('are replaced whole', () => {
    expect(withHeader(['grpc-timeout', '5S', 'a', '1', 'Grpc-Timeout', '6S'], 'grpc-timeout', '7m')).toEqual(['a', '1', 'grpc-timeout', '7m']);
  });
});

describe('gRPC timeouts', () => {
  test.each([
    ['1H', 3_600_000], ['2M', 120_000], ['3S', 3000], ['4m', 4], ['5000u', 5], ['1000000n', 1],
    ['', undefined], ['S', undefined], ['123456789S', undefined], ['1x', undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(parseTimeout(text)).toBe(ms);
  });

  test.each([[0, '1u'], [1.5, '1500u'], [100_000, '100000m'], [1e12, '99999999S']])('%s ms is written as %s', (ms, text) => {
    expect(formatTimeout(ms)).toBe(text);
  });
});

describe('gRPC messages', () => {
  test('are framed and unframed', () => {
    expect(unframeMessage(frameMessage(Buffer.from('abc')))!.toString()).toBe('abc');
  });

  const unreadable = { 'cut': [0, 0, 0, 0, 9, 1], 'compressed': [1, 0, 0, 0, 1, 1], 'too short': [0], 'two': [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] };

  test.each(Object.entries(unreadable))('that are %s are not read', (_what, bytes) => {
    expect(unframeMessage(Buffer.from(bytes))).toBeUndefined();
  });

  test('status messages are percent-encoded outside printable ASCII', () => {
    expect(encodeStatusMessage('a b% é\n"')).toBe('a b%25 %C3%A9%0A"');
  });
});

describe('protobuf', () => {
  test('numbers of any size survive', () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 45]) {
      expect([...fieldsOf(new Writer().uint(3, value).finish())]).toEqual([{ number: 3, uint: value }]);
    }
  });

  test('a field behind others of every kind is found, and of repeated ones the last', () => {
    const message = new Writer().uint(1, 9).double(2, 1.5).string(8, 'first').map(3, { k: 'v' }).string(8, 'last').finish();
    expect([stringField(message, 8), stringField(message, 9)]).toEqual(['last', undefined]);
  });

  test.each([[[0x42, 0x7f, 0x41]], [[0x0b]], [Array<number>(11).fill(0xff)], [[0x42]]])('bytes %j that are not a message cause no error for an event', (bytes) => {
    expect(stringField(Buffer.from(bytes), 8)).toBeUndefined();
  });

  test.each([[[0x42, 0x7f, 0x41]], [[0x0b]], [[0xff]]])('bytes %j throw where they are read in full', (bytes) => {
    expect(() => [...fieldsOf(Buffer.from(bytes))]).toThrow(RangeError);
  });
});

describe('the table of failures', () => {
  test('holds no answer that loses an event: neither success, nor 404, nor UNIMPLEMENTED', () => {
    for (const { status, code } of Object.values(FAILURES)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect([0, 12]).not.toContain(code);
      expect(status).not.toBe(404);
    }
  });

  test('gives success for each 2xx and a failure for everything else', () => {
    expect([200, 204, 299].map(grpcCodeOfStatus)).toEqual([0, 0, 0]);
    for (const status of [100, 199, 300, 302, 399, 600]) expect(grpcCodeOfStatus(status)).toBe(2);
  });
});
