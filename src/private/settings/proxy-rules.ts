/** Ranges of the dapr-proxy's settings; the proxy itself refuses the same values when it starts. */
import type { ProxyModel } from '../function/extras';
import { Path, Problem, Problems, show } from '../problem/problem';

type NumberField = { [field in keyof ProxyModel]-?: NonNullable<ProxyModel[field]> extends number ? field : never }[keyof ProxyModel];

const DAY_SECONDS = 86_400;

/** Lowest and highest value. */
const RANGES: Record<NumberField, [number, number]> = {
  replicas: [1, 100],
  holdTimeoutSeconds: [0, DAY_SECONDS],
  drainTimeoutSeconds: [1, 3_600],
  maxWaiting: [1, 1_000_000],
  maxWaitingBytes: [1, 2 ** 40],
  maxInFlightPerPod: [1, 1_000_000],
  maxMessageBytes: [1, 2 ** 31 - 1],
  maxHeaders: [1, 100_000],
  connectTimeoutMs: [1, DAY_SECONDS * 1_000],
  functionTimeoutMs: [0, DAY_SECONDS * 1_000],
  peerTimeoutMs: [1, DAY_SECONDS * 1_000],
  resolveIntervalMs: [1, DAY_SECONDS * 1_000],
  adminPort: [1, 65_535],
  scalerPort: [1, 65_535],
};

/** The model has the unit in the name; users write durations and sizes. */
const UNITS: [string, string, string][] = [['Seconds', '', ' s'], ['Ms', '', ' ms'], ['Bytes', 'Size', ' bytes']];

function asWritten(field: string): [name: string, unit: string] {
  const unit = UNITS.find(([ending]) => field.endsWith(ending));
  return unit === undefined ? [field, ''] : [field.slice(0, -unit[0].length) + unit[1], unit[2]];
}

export function checkProxy(proxy: ProxyModel, path: Path): Problem[] {
  const problems = new Problems();
  for (const [field, [low, high]] of Object.entries(RANGES) as [NumberField, [number, number]][]) {
    const value = proxy[field];
    if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high)) {
      const [name, unit] = asWritten(field);
      problems.error([...path, name], `${show(value)}${unit} is outside ${low}..${high}${unit}`);
    }
  }
  if (proxy.adminPort !== undefined && proxy.adminPort === proxy.scalerPort) {
    problems.error([...path, 'scalerPort'], `${proxy.scalerPort} is the admin port too; the two must differ`);
  }
  return problems.all;
}
