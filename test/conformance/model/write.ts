// `node --import tsx test/conformance/model/write.ts`: writes the library's data files anew after an upgrade of the
// versions; the suite fails while they differ.
import { writeFileSync } from 'node:fs';
import { POD_SCHEMA_FILE } from './files';
import { podSchema } from './pod-schema';

async function main(): Promise<void> {
  writeFileSync(POD_SCHEMA_FILE, await podSchema());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
