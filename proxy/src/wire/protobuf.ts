/** As much of the protobuf wire format as the proxy needs to write its own answers and to read what it routes by. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;

export class Writer {
  private readonly parts: Buffer[] = [];

  public bytes(field: number, value: Buffer): this {
    this.parts.push(varint(field * 8 + BYTES), varint(value.length), value);
    return this;
  }

  public string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  /** Not negative; up to 2^53. */
  public uint(field: number, value: number): this {
    this.parts.push(varint(field * 8 + VARINT), varint(value));
    return this;
  }

  public double(field: number, value: number): this {
    const eight = Buffer.alloc(8);
    eight.writeDoubleLE(value);
    this.parts.push(varint(field * 8 + FIXED64), eight);
    return this;
  }

  public map(field: number, entries: Readonly<Record<string, string>>): this {
    for (const [key, value] of Object.entries(entries)) {
      this.bytes(field, new Writer().string(1, key).string(2, value).finish());
    }
    return this;
  }

  public finish(): Buffer {
    return Buffer.concat(this.parts);
  }
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push(rest % 128 + 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Buffer.from(out);
}

export interface Field {
  readonly number: number;
  /** The content of a length-delimited field. */
  readonly bytes?: Buffer;
  /** The value of a varint; loses precision above 2^53. */
  readonly uint?: number;
}

/** Reads the fields of one message in order; throws a RangeError if the bytes are not a message. */
export function* fieldsOf(message: Buffer): Generator<Field> {
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const key = readVarint(message, cursor);
    const number = Math.floor(key / 8);
    const type = key % 8;
    if (type === VARINT) {
      yield { number, uint: readVarint(message, cursor) };
    } else if (type === BYTES) {
      const length = readVarint(message, cursor);
      yield { number, bytes: take(message, cursor, length) };
    } else if (type === FIXED64 || type === FIXED32) {
      take(message, cursor, type === FIXED64 ? 8 : 4);
      yield { number };
    } else {
      throw new RangeError(`wire type ${type} at ${cursor.at}`);
    }
  }
}

function take(message: Buffer, cursor: { at: number }, length: number): Buffer {
  const end = cursor.at + length;
  if (end > message.length) throw new RangeError('a field is longer than its message');
  const out = message.subarray(cursor.at, end);
  cursor.at = end;
  return out;
}

function readVarint(message: Buffer, cursor: { at: number }): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = message[cursor.at++];
    if (byte === undefined) throw new RangeError('a number is cut');
    value += (byte % 128) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  throw new RangeError('a number has more than ten bytes');
}

/**
 * The string in a field of a message, the last one if it repeats; undefined if absent or if the bytes are not a
 * message, which begins at `start`. Called for each event, hence without the generator.
 */
export function stringField(message: Buffer, number: number, start = 0): string | undefined {
  const cursor = { at: start };
  let found: string | undefined;
  try {
    while (cursor.at < message.length) {
      const key = readVarint(message, cursor);
      const type = key % 8;
      if (type === BYTES) {
        const end = readVarint(message, cursor) + cursor.at;
        if (end > message.length) return undefined;
        if (key === number * 8 + BYTES) found = message.toString('utf8', cursor.at, end);
        cursor.at = end;
      } else if (type === VARINT) {
        readVarint(message, cursor);
      } else if (type === FIXED64 || type === FIXED32) {
        cursor.at += type === FIXED64 ? 8 : 4;
      } else {
        return undefined;
      }
    }
  } catch {
    return undefined;
  }
  return found;
}
