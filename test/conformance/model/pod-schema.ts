// The text of src/private/kubernetes/pod-schema.json.
import { kedaSchema, type Schema } from './keda-schema';
import { run } from '../../testbed/command';
import { schemaBinary } from '../judges/binaries';

export async function podSchema(): Promise<string> {
  const kubernetes = JSON.parse(await run(await schemaBinary(), [])) as Schema;
  return print({ ...await kedaSchema(), ...kubernetes });
}

/** One structure a line: small, and a diff shows the structure that changed. */
function print(schema: Schema): string {
  const lines = Object.keys(schema).sort().map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(sorted(schema[name]))}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function sorted(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
