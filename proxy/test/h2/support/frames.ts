/** Frames as bytes, right or wrong, whatever a test wants on the wire. */
import { Flag, Frame } from '../../../src/h2/protocol';

export interface RawFrame {
  readonly type: Frame;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

export function frame(type: Frame, flags: number, id: number, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload as string, 'hex');
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, body]);
}

export const word = (value: number) => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
};

/** A SETTINGS frame of pairs. */
export function settings(...pairs: [number, number][]): Buffer {
  const entries = pairs.map(([key, value]) => {
    const out = Buffer.alloc(6);
    out.writeUInt16BE(key, 0);
    out.writeUInt32BE(value, 2);
    return out;
  });
  return frame(Frame.SETTINGS, 0, 0, Buffer.concat(entries));
}

/** Fields as literals without indexing, which leave the tables alone. */
export function literals(...fields: [string, string][]): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    const length: number[] = [127];
    let rest = bytes.length - 127;
    for (; rest > 127; rest = Math.floor(rest / 128)) length.push(rest % 128 + 128);
    return Buffer.concat([Buffer.from([...length, rest]), bytes]);
  };
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** `:method POST`, `:scheme http`, `:path /`, `:authority a`. */
export const POST = Buffer.from('838684010161', 'hex');

export const headers = (id: number, block: Buffer | string, flags: number = Flag.END_HEADERS | Flag.END_STREAM) => (
  frame(Frame.HEADERS, flags, id, typeof block === 'string' ? Buffer.from(block, 'hex') : block)
);

export const data = (id: number, payload: Buffer | string, flags = 0) => (
  frame(Frame.DATA, flags, id, typeof payload === 'string' ? Buffer.from(payload) : payload)
);

export function framesIn(bytes: Buffer): { frames: RawFrame[]; rest: Buffer } {
  const frames: RawFrame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({ type: bytes[at + 3]!, flags: bytes[at + 4]!, id: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + 9, end) });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}
