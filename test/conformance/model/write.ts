// `npm run write:tables`: writes the library's data files anew after an upgrade of the
// versions; the suite fails while they differ.
import { writeFileSync } from 'node:fs';
import { daprCatalogue } from './dapr-catalogue';
import { DAPR_CATALOGUE_FILE, KEDA_CATALOGUE_FILE, POD_SCHEMA_FILE } from './files';
import { kedaCatalogue } from './keda-catalogue';
import { podSchema } from './pod-schema';

async function main(): Promise<void> {
  writeFileSync(DAPR_CATALOGUE_FILE, await daprCatalogue());
  writeFileSync(KEDA_CATALOGUE_FILE, await kedaCatalogue());
  writeFileSync(POD_SCHEMA_FILE, await podSchema());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
