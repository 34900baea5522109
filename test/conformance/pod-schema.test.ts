// src/private/kubernetes/pod-schema.json is what the packages and CRDs of the versions say.
import { readFileSync } from 'node:fs';
import { POD_SCHEMA_FILE } from './model/files';
import { podSchema } from './model/pod-schema';

test('the table of fields and types is current', async () => {
  expect(readFileSync(POD_SCHEMA_FILE, 'utf8')).toBe(await podSchema());
});
