/** Collected documents → the objects to print, by the constructs that everybody uses, and all problems of all of them. */
import { ApiObject, App, Chart } from 'cdk8s';
import type { Collected } from './collect';
import type { FunctionReport } from '../function-report';
import { OpenFunctionApp } from '../openfunction-app';
import { byPath, formatProblem, Problem } from '../private/problem/problem';
import { ProblemsError } from '../private/problem/problems-error';
import { ResolvedSettings, settingsAt } from '../private/tree/settings-tree';

/** What is said about one document. */
export interface Finding {
  readonly source: Collected;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface Synthesized {
  /** In the order of the documents; of each function, components before what needs them. */
  readonly objects: unknown[];
  readonly findings: Finding[];
  /** Of the functions that are made. */
  readonly reports: FunctionReport[];
}

interface Made {
  readonly source: Collected;
  readonly construct?: OpenFunctionApp;
  readonly problems: readonly Problem[];
}

export function synthesize(documents: readonly Collected[], settings: ResolvedSettings): Synthesized {
  const app = new App();
  // Strict, so that validation returns warnings, where it would print them otherwise.
  settingsAt(app).merge({ ...settings, strict: true });
  const chart = new Chart(app, 'manifests');
  const made = documents.map((source, index) => make(chart, `document-${index}`, source));
  const findings = made.map((each) => finding(each, made));
  const objects = emitted(chart, made);
  const reports = made.flatMap(({ construct }) => (construct === undefined ? [] : [construct.report]));
  return { objects: objects.map(({ object }) => object), findings: withDuplicates(findings, objects), reports };
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
  const lines = (severity: Problem['severity']) => problems.filter((problem) => problem.severity === severity).map(formatProblem);
  if (construct === undefined) return { source, errors: lines('error'), warnings: lines('warning') };
  const { warnings } = construct.report;
  const errors = construct.node.validate().filter((line) => !warnings.includes(line)).map((line) => located(line, source, all));
  // Two functions of one name clash in all they have; saying it once is enough.
  const clash = errors.filter((line) => line.includes(` metadata.name: function ${construct.namespace}/${construct.functionName} is claimed by `));
  return { source, errors: clash.length > 0 ? clash : errors, warnings };
}

/** Conflicts come with construct paths, which mean nothing here. */
function located(line: string, source: Collected, all: readonly Made[]): string {
  const text = line.replace(/manifests\/document-(\d+)/g, (_, index: string) => placeOf(all[Number(index)].source));
  return text === line ? line : formatProblem({ severity: 'error', path: ['metadata', 'name'], message: text, position: source.position(['metadata', 'name']) });
}

function placeOf({ position }: Collected): string {
  const { file, line } = position(['metadata', 'name']);
  return `${file}:${line}`;
}

interface Emitted {
  readonly object: unknown;
  readonly source: Collected;
}

/** Shared objects come before the first function that may need them; what is no function stays as it is. */
function emitted(chart: Chart, made: readonly Made[]): Emitted[] {
  const shared = chart.node.children.filter((child) => ApiObject.isApiObject(child));
  let rest = shared;
  return made.flatMap(({ source, construct }) => {
    if (construct === undefined) return source.intake === undefined && source.value !== undefined ? [{ object: source.value, source }] : [];
    const objects = [...rest, ...construct.objects];
    rest = [];
    return objects.map((object) => ({ object: object.toJson() as unknown, source }));
  });
}

/** What passes through must not stand beside an object of the same name, whoever made that. */
function withDuplicates(findings: readonly Finding[], objects: readonly Emitted[]): Finding[] {
  const first = new Map<string, { readonly key: string; readonly source: Collected }>();
  const duplicates = new Map<Collected, string[]>();
  for (const { object, source } of objects) {
    const key = keyOf(object);
    if (key === undefined) continue;
    const known = first.get(slotOf(key));
    if (known === undefined) first.set(slotOf(key), { key, source });
    const functions = [known?.source, source].filter((each) => each?.intake !== undefined).length;
    // Two functions with one name have said so themselves; Services of two groups are the business of who wrote both.
    if (known === undefined || functions === 2 || (functions === 0 && known.key !== key)) continue;
    const message = known.key === key ? `${key} is there twice; the other comes from ${placeOf(known.source)}`
      : `${key} cannot stand beside ${known.key} from ${placeOf(known.source)}: Knative makes a Service of that name`;
    const line = formatProblem({ severity: 'error', path: ['metadata', 'name'], message, position: source.position(['metadata', 'name']) });
    duplicates.set(source, [...duplicates.get(source) ?? [], line]);
  }
  return findings.map((each) => ({ ...each, errors: [...each.errors, ...duplicates.get(each.source) ?? []] }));
}

/** Knative makes a core/v1 Service for each of its own, under the same name. */
function slotOf(key: string): string {
  return key.replace(KNATIVE_SERVICE, 'Service ');
}

const KNATIVE_SERVICE = /^Service\.serving\.knative\.dev /;

function keyOf(object: unknown): string | undefined {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata?: { name?: unknown; namespace?: unknown } };
  if (typeof metadata?.name !== 'string') return undefined;
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  const namespace = typeof metadata.namespace === 'string' ? `${metadata.namespace}/` : '';
  return `${kind}${group} ${namespace}${metadata.name}`;
}
