import { grpcIdentity, httpIdentity } from '../../src/dapr/identity';
import { Writer } from '../../src/wire/protobuf';

interface Topic {
  readonly id?: string;
  readonly topic?: string;
  readonly extra?: string;
}

function topic({ id = '1', topic: name = 'placed', extra = '' }: Topic): Buffer {
  return new Writer().string(1, id).string(2, 'shop').string(6, name).string(8, 'events').string(10, extra).finish();
}

function bulk(...entryIds: string[]): Buffer {
  const out = new Writer().string(1, String(Math.random())).string(4, 'placed').string(5, 'events');
  entryIds.forEach((id) => out.bytes(2, new Writer().string(1, id).finish()));
  return out.finish();
}

const named = (name: string, data: string, more = '') => new Writer().string(1, name).string(2, data).string(3, more).finish();

const same = (kind: 'topic' | 'bulk' | 'binding' | 'job', a: Buffer, b: Buffer) => grpcIdentity(kind, a)!() === grpcIdentity(kind, b)!();

describe('over gRPC', () => {
  test.each([
    ['a topic event by its id, whatever its extensions', 'topic', topic({ extra: 'a' }), topic({ extra: 'b' }), true],
    ['topic events of two ids as two', 'topic', topic({ id: '1' }), topic({ id: '2' }), false],
    ['topic events of two topics as two', 'topic', topic({ topic: 'a' }), topic({ topic: 'b' }), false],
    ['topic events without an id by their bytes', 'topic', topic({ id: '', extra: 'a' }), topic({ id: '', extra: 'b' }), false],
    ['a bulk by the ids of its entries', 'bulk', bulk('1', '2'), bulk('1', '2'), true],
    ['bulks of other entries as two', 'bulk', bulk('1', '2'), bulk('1', '3'), false],
    ['a binding event by name and data, whatever its metadata', 'binding', named('tick', 'x', 'a'), named('tick', 'x', 'b'), true],
    ['binding events of other data as two', 'binding', named('tick', 'x'), named('tick', 'y'), false],
    ['bytes that are not a message as they are', 'binding', Buffer.from('lost'), Buffer.from('lose'), false],
    ['jobs of two names as two', 'job', named('a', 'x'), named('b', 'x'), false],
  ] as const)('knows %s', (_what, kind, a, b, equal) => {
    expect(same(kind, a, b)).toBe(equal);
  });

  test.each(['invoke', 'other'] as const)('knows no %s again', (kind) => {
    expect(grpcIdentity(kind, Buffer.alloc(0))).toBeUndefined();
  });
});

describe('over HTTP', () => {
  const event = (text: string) => httpIdentity('topic', '/topic', Buffer.from(text))!();

  test.each([
    ['a cloud event by its id', '{"id":"1","source":"s","a":1,"b":2}', '{"b":2,"a":1,"source":"s","id":"1"}', true],
    ['cloud events of two sources as two', '{"id":"1","source":"s"}', '{"id":"1","source":"t"}', false],
    ['other JSON by its bytes', '{"a":1}', '{"a":2}', false],
    ['what is not JSON by its bytes', 'a', 'b', false],
  ])('knows %s', (_what, a, b, equal) => {
    expect(event(a) === event(b)).toBe(equal);
  });

  test('knows a job by its path and body', () => {
    const job = (path: string, body: string) => httpIdentity('job', path, Buffer.from(body))!();
    expect([job('/job/a', '1') === job('/job/a', '1'), job('/job/a', '1') === job('/job/b', '1')]).toEqual([true, false]);
  });

  test('knows no invocation again', () => {
    expect(httpIdentity('invoke', '/a', Buffer.alloc(0))).toBeUndefined();
  });
});
