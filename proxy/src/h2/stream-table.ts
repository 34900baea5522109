/**
 * The open streams of a connection. Numbers go up and most streams are short, so a few places hold them. A map that
 * changes with each call makes itself anew again and again; V8 keeps what its remains point at, and memory grows.
 */
import { H2Stream } from './stream';

const PLACES = 256;

export class StreamTable {
  public size = 0;
  private readonly places = new Array<H2Stream | undefined>(PLACES).fill(undefined);
  /** Streams whose slot an older one still occupies. */
  private readonly others = new Map<number, H2Stream>();

  public get(id: number): H2Stream | undefined {
    const stream = this.places[placeOf(id)];
    if (stream?.id === id) return stream;
    return this.others.size === 0 ? undefined : this.others.get(id);
  }

  public add(stream: H2Stream): void {
    const place = placeOf(stream.id);
    if (this.places[place] === undefined) this.places[place] = stream;
    else this.others.set(stream.id, stream);
    this.size++;
  }

  public remove(stream: H2Stream): void {
    const place = placeOf(stream.id);
    if (this.places[place] === stream) this.places[place] = undefined;
    else if (!this.others.delete(stream.id)) return;
    this.size--;
  }

  /** All of them as they are now. */
  public all(): H2Stream[] {
    const list = [...this.others.values()];
    for (const stream of this.places) if (stream !== undefined) list.push(stream);
    return list;
  }
}

function placeOf(id: number): number {
  return (id >>> 1) % PLACES;
}
