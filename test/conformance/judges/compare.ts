// What a GitOps tool calls "in sync": every value that was sent is what the server stores.

/** Paths of values that differ; what the server added does not count. */
export function differences(sent: unknown, stored: unknown, path = ''): string[] {
  if (isEmpty(sent) && (stored === undefined || isEmpty(stored))) return [];
  if (Array.isArray(sent)) {
    if (!Array.isArray(stored) || stored.length !== sent.length) return [`${path}: sent ${show(sent)}, stored ${show(stored)}`];
    return sent.flatMap((item, index) => differences(item, stored[index], `${path}[${index}]`));
  }
  if (isObject(sent)) {
    if (!isObject(stored)) return [`${path}: sent ${show(sent)}, stored ${show(stored)}`];
    return Object.entries(sent).flatMap(([key, value]) => differences(value, stored[key], `${path}.${key}`));
  }
  return sent === stored || (isResource(path) && amount(sent) === amount(stored)) ? [] : [`${path}: sent ${show(sent)}, stored ${show(stored)}`];
}

/** Amounts are stored in their shortest form, which tools take for the same: 1000m for 1. */
function isResource(path: string): boolean {
  return /\.(limits|requests)\.[^.]+$|\.sizeLimit$/.test(path);
}

const UNITS: Record<string, number> = { '': 1, 'm': 1e-3, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30 };

function amount(value: unknown): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  return unit === undefined ? undefined : Number(number) * UNITS[unit];
}

/** Kubernetes stores no empty values of optional fields, and no tool counts them. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === '' || value === false || value === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
