/** Warnings at synthesis: printed once to standard error, or errors in strict mode. */
import type { Construct } from 'constructs';

const PRINTED = Symbol.for('cdk8s-openfunction.printed');

/** What a validation returns: the warnings in strict mode, else nothing. */
export function reportWarnings(scope: Construct, warnings: readonly string[], strict: boolean): string[] {
  if (strict) return [...warnings];
  warnings.forEach((warning) => printOnce(scope, warning));
  return [];
}

/** cdk8s validates the whole app once per chart; a warning is printed once all the same. */
function printOnce(scope: Construct, text: string): void {
  const root = scope.node.root as Construct & { [PRINTED]?: Set<string> };
  root[PRINTED] ??= new Set();
  const line = `${scope.node.path}: ${text}`;
  if (root[PRINTED].has(line)) return;
  root[PRINTED].add(line);
  process.stderr.write(`${line}\n`);
}
