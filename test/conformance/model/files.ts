// The library's tables that this suite makes or checks.
import { join } from 'node:path';
import { repositoryRoot } from '../../testbed/paths';

const folder = join(repositoryRoot, 'src', 'private', 'model');

export const POD_SCHEMA_FILE = join(folder, 'pod-schema.json');
export const KNATIVE_MASK_FILE = join(folder, 'knative-mask.json');
