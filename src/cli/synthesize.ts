/** Collected documents → the objects to print and every problem, through the same constructs that programs use. */
import { ApiObject, App, Chart } from 'cdk8s';
import type { Collected } from './collect';
import { NO_PROGRESS } from './progress';
import { OpenFunctionApp } from '../openfunction-app';
import { byPath, Problem, ProblemsError, withoutKnown } from '../private/problem/problem';
import { markAsDraft } from '../private/tree/objects';
import { neighbourhoodOf, ResolvedSettings, settingsAt } from '../private/tree/surroundings';

/** What was found in one document. */
export interface Finding {
  readonly source: Collected;
  readonly problems: readonly Problem[];
  /** Findings that may well be intended. */
  readonly information?: () => readonly Problem[];
}

export interface Synthesized {
  readonly findings: Finding[];
  /** Those without errors. */
  readonly functions: OpenFunctionApp[];
  /** All objects in document order; within a function, dependencies first. */
  readonly emitted: readonly Emitted[];
}

export interface Emitted {
  /** What names the object. */
  readonly id: ObjectId;
  /** The whole object, made anew by each call: ten thousand functions have some hundred megabytes of them. */
  readonly object: () => unknown;
  readonly source: Collected;
  /** None for what functions share and for what passed through. */
  readonly owner?: OpenFunctionApp;
  readonly role?: string;
}

interface ObjectId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
}

interface Made {
  readonly source: Collected;
  readonly construct?: OpenFunctionApp;
  readonly problems: readonly Problem[];
}

export function synthesize(
  documents: readonly Collected[], settings: ResolvedSettings, progress = NO_PROGRESS,
): Synthesized {
  const app = new App();
  markAsDraft(app);
  // Without `strict`, validation prints warnings instead of returning them.
  settingsAt(app).merge({ ...settings, strict: true });
  const chart = new Chart(app, 'manifests');
  neighbourhoodOf(app).add(documents.filter(({ intake }) => intake === undefined).map(({ value }) => value));
  const { knownNames } = settings.platform;
  const made = documents.map((source, index) => {
    progress.step('deciding', index, documents.length);
    return make(chart, `document-${index}`, { ...source, problems: withoutKnown(source.problems, knownNames) });
  });
  const findings = made.map((each) => finding(each, made));
  // Of ten thousand functions it is some twenty megabytes, which few commands want once more.
  neighbourhoodOf(app).forget();
  const objects = emitted(chart, made);
  const functions = made.flatMap(({ construct }) => construct ?? []);
  return { findings: withDuplicates(findings, objects), functions, emitted: objects };
}

export function* objectsOf(all: readonly Emitted[]): Generator<unknown> {
  for (const { object } of all) yield object();
}

function make(chart: Chart, id: string, source: Collected): Made {
  const { intake, problems } = source;
  if (intake?.model === undefined) return { source, problems };
  try {
    return { source, construct: OpenFunctionApp._fromRead(chart, id, () => intake, {}), problems: [] };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    chart.node.tryRemoveChild(id);
    const warnings = problems.filter(({ severity }) => severity === 'warning');
    return { source, problems: [...error.groups.flatMap((group) => group.problems), ...warnings].sort(byPath) };
  }
}

function finding({ source, construct, problems }: Made, all: readonly Made[]): Finding {
  if (construct === undefined) return { source, problems };
  const { _body: { lateErrors, warnings, conflicts }, namespace, functionName } = construct;
  const clashes = conflicts.map((text) => nameError(located(text, all), source));
  // Two functions of the same name conflict in every object; one error is enough.
  const claim = `function ${namespace}/${functionName} is claimed by `;
  const ofFunction = clashes.filter(({ message }) => message.startsWith(claim));
  const errors = ofFunction.length > 0 ? ofFunction : [...lateErrors, ...clashes];
  return { source, problems: [...errors, ...warnings], information: () => construct._body.information };
}

/** Replaces construct paths, which the user never sees, by files and lines. */
function located(text: string, all: readonly Made[]): string {
  return text.replace(/manifests\/document-(\d+)/g, (_, index: string) => placeOf(all[Number(index)].source));
}

function nameError(message: string, { position, title }: Collected): Problem {
  const path = ['metadata', 'name'];
  return { severity: 'error', path, message, ...(title === undefined && { position: position(path) }) };
}

/** For documents that others refer to: many may refer to the same one, and a place may cost reading it again. */
const PLACES = new WeakMap<Collected, string>();

function placeOf(source: Collected): string {
  const known = PLACES.get(source);
  if (known !== undefined) return known;
  const { file, line } = source.position(['metadata', 'name']);
  const place = source.title ?? `${file}:${line}`;
  PLACES.set(source, place);
  return place;
}

/** Objects that functions share come before the first function; other documents pass through unchanged. */
function emitted(chart: Chart, made: readonly Made[]): Emitted[] {
  const shared = chart.node.children.filter((child) => ApiObject.isApiObject(child));
  let rest = shared;
  return made.flatMap(({ source, construct }): Emitted[] => {
    if (construct === undefined) {
      const { intake, value } = source;
      if (intake !== undefined || value === undefined) return [];
      return [{ id: value as ObjectId, object: () => value, source }];
    }
    const before = rest.map((object) => ({ id: idOf(object), object: () => object.toJson() as unknown, source }));
    rest = [];
    const own = construct._body.objects.map(({ role, following }) => (
      { id: following.header, object: () => following.untouched(), source, owner: construct, role }));
    return [...before, ...own];
  });
}

function idOf({ apiVersion, kind, name, metadata: { namespace } }: ApiObject): ObjectId {
  return { apiVersion, kind, metadata: { name, namespace } };
}

/** Objects that pass through must not conflict with each other or with generated ones. */
function withDuplicates(findings: readonly Finding[], objects: readonly Emitted[]): Finding[] {
  const first = new Map<string, { readonly key: string; readonly source: Collected }>();
  const duplicates = new Map<Collected, Problem[]>();
  for (const { id, source } of objects) {
    const key = keyOf(id);
    if (key === undefined) continue;
    const slot = slotOf(key);
    const known = first.get(slot);
    if (known === undefined) {
      first.set(slot, { key, source });
      continue;
    }
    const functions = [known.source, source].filter(({ intake }) => intake !== undefined).length;
    // Functions of the same name are reported already; two Services of the user's own in different groups are allowed.
    if (functions === 2 || (functions === 0 && known.key !== key)) continue;
    const message = known.key === key ? `${key} is defined twice; first in ${placeOf(known.source)}`
      : `${key} conflicts with ${known.key} in ${placeOf(known.source)}: Knative creates a Service of that name`;
    duplicates.set(source, [...duplicates.get(source) ?? [], nameError(message, source)]);
  }
  if (duplicates.size === 0) return [...findings];
  return findings.map((each) => ({ ...each, problems: [...each.problems, ...duplicates.get(each.source) ?? []] }));
}

/** Knative creates a core/v1 Service of the same name for each Knative Service. */
function slotOf(key: string): string {
  return key.startsWith(KNATIVE_SERVICE) ? `Service ${key.slice(KNATIVE_SERVICE.length)}` : key;
}

const KNATIVE_SERVICE = 'Service.serving.knative.dev ';

function keyOf({ apiVersion, kind, metadata }: ObjectId): string | undefined {
  if (typeof metadata?.name !== 'string') return undefined;
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`;
  const namespace = typeof metadata.namespace === 'string' ? `${metadata.namespace}/` : '';
  return `${kind}${group} ${namespace}${metadata.name}`;
}
