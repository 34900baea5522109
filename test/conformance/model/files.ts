// The library's tables that this suite makes or checks.
import { join } from 'node:path';
import { repositoryRoot } from '../../testbed/paths';

const rooms = join(repositoryRoot, 'src', 'private');

export const POD_SCHEMA_FILE = join(rooms, 'kubernetes', 'pod-schema.json');
export const KNATIVE_MASK_FILE = join(rooms, 'decide', 'knative-mask.json');
export const DAPR_CATALOGUE_FILE = join(rooms, 'catalogue', 'dapr-components.json');
export const KEDA_CATALOGUE_FILE = join(rooms, 'catalogue', 'keda-scalers.json');
