/** What the credentials of KEDA's triggers hold, where they are defined beside the function (docs/spec M72f). */
import type { Outline } from './outline';
import type { Around } from './references';
import { checkParameters } from '../catalogue/check-trigger';
import { isObject, JsonObject, objectsIn } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

/** Lists of parameters that say all that they give. */
const LISTS: readonly string[] = ['secretTargetRef', 'configMapTargetRef', 'env'];
/** Stores of secrets, whose own list says what they give. */
const STORES = ['hashiCorpVault', 'azureKeyVault', 'gcpSecretManager', 'awsSecretManager'];

export function checkAuthentications(
  { serving }: Outline, { neighbours, namespace }: Around, problems: Problems,
): void {
  serving.scaling.triggers.forEach(({ type, metadata, authenticationRef: ref }, index) => {
    if (ref?.name === undefined) return;
    const kind = ref.kind ?? 'TriggerAuthentication';
    const found = kind === 'ClusterTriggerAuthentication'
      ? neighbours.all(kind).find(({ name }) => name === ref.name) : neighbours.find(kind, ref.name, namespace);
    const { spec } = found?.body() ?? {};
    if (!isObject(spec)) return;
    const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'authenticationRef'];
    checkParameters({ type, metadata, owner: `the ${kind} ${show(ref.name)}`, ...parametersOf(spec) }, path, problems);
  });
}

/** An identity of the pod, and forms that are not known here, can replace any parameter. */
function parametersOf(spec: JsonObject): { readonly parameters: readonly string[]; readonly complete: boolean } {
  const lists = LISTS.map((field) => spec[field]);
  const stores = STORES.flatMap((field) => {
    const store = spec[field];
    return isObject(store) ? [store.secrets] : [];
  });
  const parameters = [...lists, ...stores].flatMap(objectsIn).flatMap(([{ parameter }]) => (
    typeof parameter === 'string' ? [parameter] : []));
  const complete = Object.keys(spec).every((field) => LISTS.includes(field) || STORES.includes(field));
  return { parameters, complete };
}
