/** Readers of single settings: each returns the value, or notes a problem with variable, value and what is allowed. */
export type Env = Readonly<Record<string, string | undefined>>;

const SHOWN_VALUE_LENGTH = 80;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const DURATION_UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Longer waits are a mistake, and Node's timers end at 24.8 days. */
const MAX_DURATION_MS = { '1h': 3_600_000, '24h': 86_400_000 };
const BYTES = /^(\d+) ?(B|KiB|MiB|GiB)?$/;
const BYTES_UNIT: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const HOST = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:.]+$/;

export class Settings {
  public readonly problems: string[] = [];

  public constructor(private readonly env: Env) {}

  /** The value of a variable; an empty one is the same as none. */
  public text(name: string): string | undefined {
    const value = this.env[name];
    return value === undefined || value === '' ? undefined : value;
  }

  public reject(name: string, value: string, allowed: string): void {
    const shown = value.length > SHOWN_VALUE_LENGTH ? `${value.slice(0, SHOWN_VALUE_LENGTH)}…` : value;
    this.problems.push(`${name}: ${JSON.stringify(shown)} ${allowed}`);
  }

  public choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const found = allowed.find((one) => one === value);
    if (found === undefined) this.reject(name, value, `is not one of ${allowed.map((one) => `"${one}"`).join(', ')}`);
    return found ?? fallback;
  }

  public flag(name: string, fallback: boolean): boolean {
    return this.choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  public integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    this.reject(name, value, `is not a whole number from ${min} to ${max}`);
    return fallback;
  }

  public optionalPort(name: string): number | undefined {
    return this.text(name) === undefined ? undefined : this.port(name, 1);
  }

  public port(name: string, fallback: number): number {
    return this.integer(name, fallback, 1, 65535);
  }

  /** In milliseconds. */
  public duration(
    name: string, fallbackMs: number, zero: 'zero allowed' | 'above zero', max: '1h' | '24h' = '24h',
  ): number {
    const value = this.text(name);
    if (value === undefined) return fallbackMs;
    if (value === '0' && zero === 'zero allowed') return 0;
    const [, amount, unit] = DURATION.exec(value) ?? [];
    const ms = Number(amount) * (DURATION_UNIT_MS[unit ?? ''] ?? NaN);
    if (ms <= MAX_DURATION_MS[max] && (ms > 0 || (ms === 0 && zero === 'zero allowed'))) return ms;
    const none = zero === 'zero allowed' ? ', or 0 for none' : ' above 0';
    this.reject(name, value, `is not a duration such as 250ms, 60s or 5m, up to ${max}${none}`);
    return fallbackMs;
  }

  public bytes(name: string, fallback: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const [, amount, unit] = BYTES.exec(value) ?? [];
    const bytes = Number(amount) * (BYTES_UNIT[unit ?? 'B'] ?? NaN);
    if (bytes > 0 && bytes <= max) return bytes;
    this.reject(name, value, `is not a size such as 65536, 512KiB or 16MiB, from 1 to ${max} bytes`);
    return fallback;
  }

  public host(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || HOST.test(value)) return value;
    this.reject(name, value, 'is not a host name or an IP address');
    return undefined;
  }
}
