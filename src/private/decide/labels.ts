/** Labels and annotations that a function gives to its objects. */
import type { Check } from './outline';
import type { FunctionModel } from '../function/function-model';
import { MANAGED_LABEL, PROXY_LABEL, SERVING_LABEL, VERSION_LABEL } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { LABEL_LENGTH, labelValue, qualifiedName } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

export interface LabelsPlan {
  /** Of what belongs to the function. */
  readonly function: StringMap;
  /** Of the workload and its pods; the user's own labels win. */
  readonly workload: StringMap;
  /** Of what belongs to its proxy. */
  readonly proxy: StringMap;
}

export function decideLabels({ name, version, serving }: FunctionModel): LabelsPlan {
  const own = { [MANAGED_LABEL]: 'true', [SERVING_LABEL]: name };
  return {
    function: own,
    workload: { ...own, [VERSION_LABEL]: versionLabel(version), ...serving.labels },
    proxy: { [MANAGED_LABEL]: 'true', [PROXY_LABEL]: name },
  };
}

/** A version as a label takes it: other characters become `_`, and both ends are letters or digits. */
function versionLabel(version: string): string {
  if (labelValue(version) === undefined) return version;
  return version.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, LABEL_LENGTH).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** Kubernetes' limit for the annotations of one object, keys and values together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

export const labels: Check = ({ serving }, problems) => {
  for (const [key, value] of Object.entries(serving.labels)) {
    const path = ['serving', 'labels', key];
    const problem = qualifiedName(key) ?? labelValue(value);
    if (problem !== undefined) problems.error(path, problem);
  }
};

/** These two labels tell a function's pods from its proxy's. */
export const selectorLabels: Check = ({ name, serving }, problems) => {
  for (const key of [SERVING_LABEL, PROXY_LABEL]) {
    const value = serving.labels[key];
    // With the function's own name it is left out of the model, since proxy pods must not have it.
    const harmless = key === SERVING_LABEL && value === name;
    if (value === undefined || harmless) continue;
    const path = ['serving', 'labels', key];
    problems.error(path, `selects the pods of ${show(name)}, so it cannot be set; leave it out`);
  }
};

export const annotationKeys: Check = ({ serving }, problems) => {
  checkAnnotationKeys(serving.annotations, ['serving', 'annotations'], problems);
  checkAnnotationKeys(serving.scaling.knative, ['serving', 'scaleOptions', 'knative'], problems);
};

export function checkAnnotationKeys(annotations: StringMap, path: Path, problems: Problems): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    // Kubernetes ignores case here.
    const problem = qualifiedName(key.toLowerCase());
    if (problem !== undefined) problems.error([...path, key], problem);
  }
  if (bytes > MAX_ANNOTATION_BYTES) problems.error(path, `has ${bytes} bytes, ${MAX_ANNOTATION_BYTES} are allowed`);
}

/** The version becomes a label; what a label forbids is replaced there, but not its length. */
export const versionLength: Check = ({ version }, problems) => {
  if (version.length <= LABEL_LENGTH) return;
  const tooLong = `${show(version)} has ${version.length} characters, ${LABEL_LENGTH} are allowed`;
  problems.error(['version'], `${tooLong}, since it becomes a label`);
};
