/**
 * The protobuf wire format, as far as the few Dapr messages of these tests need it: varints, strings, bytes, nested
 * messages and string maps. Written by hand so that no proto file and no generator enters the repository.
 */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

export class ProtoWriter {
  private readonly parts: Buffer[] = [];

  public number(field: number, value: number): this {
    if (value !== 0) this.parts.push(varint(field * 8 + VARINT), varint(value));
    return this;
  }

  public bytes(field: number, value: Buffer | string): this {
    const buffer = Buffer.from(value);
    if (buffer.length > 0) this.embedded(field, buffer);
    return this;
  }

  /** A nested message: written even when empty, since presence counts there. */
  public embedded(field: number, value: Buffer): this {
    this.parts.push(varint(field * 8 + LENGTH_DELIMITED), varint(value.length), value);
    return this;
  }

  public map(field: number, entries: Readonly<Record<string, string>>): this {
    for (const [key, value] of Object.entries(entries)) {
      this.embedded(field, new ProtoWriter().bytes(1, key).bytes(2, value).finish());
    }
    return this;
  }

  public finish(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Fields by number, each with all its values in order. */
export class ProtoFields {
  private readonly values = new Map<number, (number | Buffer)[]>();

  public constructor(message: Buffer) {
    let at = 0;
    const readVarint = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = message[at++];
        if (byte === undefined) throw new Error('truncated varint');
        value += (byte % 128) * factor;
        if (byte < 128) return value;
      }
    };
    const take = (length: number) => {
      if (at + length > message.length) throw new Error('truncated field');
      return message.subarray(at, at += length);
    };
    while (at < message.length) {
      const tag = readVarint();
      this.add(Math.floor(tag / 8), this.readValue(tag % 8, readVarint, take));
    }
  }

  public number(field: number): number {
    const value = this.values.get(field)?.at(-1) ?? 0;
    if (typeof value !== 'number') throw new Error(`field ${field} is no varint`);
    return value;
  }

  public bytes(field: number): Buffer {
    return this.all(field).at(-1) ?? Buffer.alloc(0);
  }

  public text(field: number): string {
    return this.bytes(field).toString();
  }

  public message(field: number): ProtoFields {
    return new ProtoFields(this.bytes(field));
  }

  public all(field: number): Buffer[] {
    return (this.values.get(field) ?? []).map((value) => {
      if (typeof value === 'number') throw new Error(`field ${field} is a varint`);
      return value;
    });
  }

  public map(field: number): Record<string, string> {
    return Object.fromEntries(this.all(field).map((entry) => {
      const fields = new ProtoFields(entry);
      return [fields.text(1), fields.text(2)];
    }));
  }

  private readValue(wireType: number, readVarint: () => number, take: (length: number) => Buffer): number | Buffer {
    switch (wireType) {
      case VARINT: return readVarint();
      case FIXED64: return take(8);
      case FIXED32: return take(4);
      case LENGTH_DELIMITED: return take(readVarint());
      default: throw new Error(`unknown wire type ${wireType}`);
    }
  }

  private add(field: number, value: number | Buffer) {
    const known = this.values.get(field);
    if (known) known.push(value);
    else this.values.set(field, [value]);
  }
}
