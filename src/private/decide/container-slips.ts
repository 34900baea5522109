/** What Kubernetes takes, and what is almost certainly not meant: warnings about containers (docs/spec M122e). */
import { containersOf } from './containers';
import type { Check, Outline } from './outline';
import { DAPR_APP_PROTOCOL, FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, Json, JsonObject } from '../kubernetes/json';
import { parseQuantity } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const ONE_WORD = 'is one word with spaces in it, and no shell splits it; give each argument as an element of its own';

/** `['node server.js']` looks for a program of that name. */
export const unsplitCommands: Check = (fn, problems) => {
  for (const { container, path } of containersOf(fn)) {
    if (container.args === undefined) checkCommand(container.command, [...path, 'command'], problems);
    for (const field of PROBES) {
      const probe = container[field];
      const exec = isObject(probe) && isObject(probe.exec) ? probe.exec : {};
      checkCommand(exec.command, [...path, field, 'exec', 'command'], problems);
    }
  }
};

function checkCommand(command: Json | undefined, path: Path, problems: Problems): void {
  if (!Array.isArray(command) || command.length !== 1) return;
  const [word] = command;
  if (typeof word === 'string' && /\S\s+\S/.test(word)) problems.warn([...path, 0], ONE_WORD);
}

const MEBIBYTE = 2 ** 20;
const MANY_CPUS = 100;

/** The unit is forgotten or another one is meant: `128` and `128m` of memory, 500 CPUs. */
export const unlikelyAmounts: Check = (fn, problems) => {
  for (const { container: { resources }, path } of containersOf(fn)) {
    for (const bound of ['requests', 'limits']) {
      const amounts = isObject(resources) ? resources[bound] : undefined;
      if (!isObject(amounts)) continue;
      const { cpu, memory } = amounts;
      const at = (name: string) => [...path, 'resources', bound, name];
      const bytes = amountOf(memory);
      if (bytes > 0 && bytes < MEBIBYTE) {
        const why = 'is less than 1 MiB, with which no program starts';
        problems.warn(at('memory'), `${show(memory)} ${why}; did you mean ${show(`${digitsOf(memory)}Mi`)}?`);
      }
      if (amountOf(cpu) >= MANY_CPUS) {
        const why = `is ${amountOf(cpu)} whole CPUs`;
        problems.warn(at('cpu'), `${show(cpu)} ${why}; did you mean ${show(`${digitsOf(cpu)}m`)}?`);
      }
    }
  }
};

function amountOf(quantity: Json | undefined): number {
  if (typeof quantity === 'number') return quantity;
  return (typeof quantity === 'string' ? parseQuantity(quantity) : undefined) ?? 0;
}

function digitsOf(quantity: Json | undefined): string {
  return /^[\d.]+/.exec(String(quantity))?.[0] ?? '';
}

/** On the port of the function, a probe must speak what the function speaks there. */
export const probeProtocols: Check = (fn, problems) => {
  const protocol = spoken(fn);
  for (const { container, path } of containersOf(fn)) {
    if (container.name !== FUNCTION_CONTAINER) continue;
    for (const field of PROBES) {
      const probe = container[field];
      if (!isObject(probe)) continue;
      if (protocol === 'grpc' && asks(probe.httpGet, fn.port)) {
        problems.warn([...path, field, 'httpGet'], `asks over HTTP/1.1 on port ${fn.port}, where the function speaks `
          + 'gRPC; give another port, a gRPC probe, or the protocol that it speaks');
      }
      if (protocol === 'http' && asks(probe.grpc, fn.port)) {
        problems.warn([...path, field, 'grpc'], `asks over gRPC on port ${fn.port}, where the function speaks `
          + 'HTTP/1.1; give another port, an HTTP probe, or the protocol that it speaks');
      }
    }
  }
};

function asks(action: Json | undefined, port: number): boolean {
  return isObject(action) && (action as JsonObject).port === port;
}

/** As far as it is said, or Dapr's default for the function. */
function spoken({ serving, engine, dapr }: Outline): string | undefined {
  const given = serving.appProtocol ?? serving.annotations[DAPR_APP_PROTOCOL] as string | undefined;
  return given ?? (engine === undefined && dapr.mode !== 'off' ? 'grpc' : undefined);
}
