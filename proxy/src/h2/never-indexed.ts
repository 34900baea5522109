/**
 * Names whose values must not stay in any compression table: RFC 7541 section 6.2.3 binds whoever passes on a field
 * that came as "never indexed". Bounded, since peers choose the names; once full, nothing is indexed that was not
 * before.
 */
const MAX_NAMES = 256;

class NeverIndexed {
  private readonly names = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'dapr-api-token']);

  /** Grows with each new name. */
  public get size(): number {
    return this.names.size;
  }

  public add(name: string): void {
    if (this.names.size < MAX_NAMES) this.names.add(name);
  }

  public has(name: string): boolean {
    return this.names.has(name);
  }

  public get full(): boolean {
    return this.names.size >= MAX_NAMES;
  }
}

export const neverIndexed = new NeverIndexed();
