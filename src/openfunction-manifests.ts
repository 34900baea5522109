/** Functions and other objects from files, folders and YAML. */
import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { FunctionOptions } from './function-options';
import { OpenFunctionApp } from './openfunction-app';
import { componentWarnings } from './private/catalogue/component-object';
import {
  failOn, formatProblem, Problem, ProblemGroup, Problems, ProblemsError, Severity, withoutKnown,
} from './private/problem/problem';
import { Growth, NO_GROWTH } from './private/props/growth';
import { checkOptionNames } from './private/props/known-props';
import { Intake, intakeFromManifest } from './private/tree/intake';
import { neighbourhoodOf, register, reportWarnings } from './private/tree/registry';
import { settingsFor } from './private/tree/settings-tree';
import { copyPlain } from './private/yaml/copy-plain';
import { readPaths } from './private/yaml/read-paths';
import { documentsIn, readManifests, readYaml, YamlDocument } from './private/yaml/read-yaml';

/** Sources of manifests, and options for the functions in them. */
export interface OpenFunctionManifestsProps extends FunctionOptions {
  /**
   * YAML or JSON files, and folders that are searched for such files.
   *
   * @default - none
   */
  readonly paths?: string[];
  /**
   * YAML texts, each with one or more documents.
   *
   * @default - none
   */
  readonly yaml?: string[];
  /**
   * Kubernetes objects, including `Function` objects.
   *
   * @default - none
   */
  readonly objects?: unknown[];
}

const SOURCES = {
  paths: [0], yaml: [0], objects: [0],
} as const satisfies { [K in Exclude<keyof OpenFunctionManifestsProps, keyof FunctionOptions>]-?: readonly [0] };

/**
 * Creates an `OpenFunctionApp` for each `Function`, and passes all other objects through unchanged.
 *
 * The problems of all functions are reported in one error, with file, line and column.
 *
 * @example
 * new OpenFunctionManifests(chart, 'legacy', { paths: ['functions/'] });
 */
export class OpenFunctionManifests extends Construct {
  /** The functions, in input order. */
  public readonly functions: OpenFunctionApp[];
  /** All other objects, in input order. */
  public readonly others: ApiObject[];

  public constructor(scope: Construct, id: string, props: OpenFunctionManifestsProps) {
    super(scope, id);
    let read: Located[];
    try {
      const { unknown, misshapen } = checkOptionNames(props, SOURCES);
      failOn(this.node.path, [...misshapen, ...unknown]);
      read = allDocuments(props).map((document) => (
        document.kind === 'function' ? readFunction(document, props) : document));
      failOnAny(read);
      neighbourhoodOf(this).add(read.filter(({ kind }) => kind === 'other').map(({ value }) => value));
      const made = this.addAll(read, props);
      this.functions = made.filter((each) => each instanceof OpenFunctionApp);
      this.others = made.filter((each) => each instanceof ApiObject);
    } catch (error) {
      scope.node.tryRemoveChild(id);
      throw error;
    }
    this.node.addValidation({
      validate: () => {
        const { strict, platform } = settingsFor(this);
        const known = props.platform?.knownNames ?? platform.knownNames;
        reportWarnings(this, linesOfRest(read, 'note', known), false);
        const warnings = linesOfRest(read, 'warning', known);
        return reportWarnings(this, warnings, (props.platform?.strict ?? strict) === true);
      },
    });
  }

  /** Keeps the input order: a Namespace may precede its objects. */
  private addAll(documents: readonly Located[], options: FunctionOptions): (OpenFunctionApp | ApiObject)[] {
    const failures: ProblemGroup[] = [];
    const made = documents.flatMap(({ kind, value, intake, where, position }): (OpenFunctionApp | ApiObject)[] => {
      try {
        if (kind === 'other') return value === undefined ? [] : [this.addOther(value as ManifestObject)];
        return intake?.model === undefined ? [] : [this.addFunction({ value, intake, position }, options)];
      } catch (error) {
        failures.push({ where, problems: problemsOf(error) });
        return [];
      }
    });
    if (failures.length > 0) throw new ProblemsError(failures);
    return made;
  }

  private addFunction({ value, intake, position }: ReadFunction, options: FunctionOptions): OpenFunctionApp {
    const { name, namespace } = intake.model ?? { name: '' };
    const id = this.freeId(`function-${namespace ?? ''}-${name}`);
    // Read again only when something is added.
    const read = (growth: Growth) => (
      growth === NO_GROWTH ? intake : intakeFromManifest(value, options, position, growth)
    );
    return OpenFunctionApp._fromRead(this, id, read, options);
  }

  private addOther(value: ManifestObject): ApiObject {
    const { kind, metadata: { name, namespace } = {} } = value;
    const object = new ApiObject(this, this.freeId(`${kind}-${namespace ?? ''}-${name ?? ''}`), value);
    // cdk8s would add the chart's namespace and labels, sort keys and drop nulls.
    object.addJsonPatch(JsonPatch.replace('', value));
    if (name !== undefined && namespace !== undefined) register(this).claim(object, [`${kind} ${namespace}/${name}`]);
    return object;
  }

  /** Objects of the same name get different ids; name conflicts in the cluster are checked at synthesis. */
  private freeId(wanted: string): string {
    let id = wanted;
    for (let number = 2; this.node.tryFindChild(id) !== undefined; number++) id = `${wanted}-${number}`;
    return id;
  }
}

interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

interface Located extends YamlDocument {
  readonly where: string;
  /** Set for functions only. */
  readonly intake?: Intake;
}

type ReadFunction = Pick<Located, 'value' | 'position'> & { readonly intake: Intake };

function allDocuments({ paths = [], yaml = [], objects = [] }: OpenFunctionManifestsProps): Located[] {
  const located = (where: string, documents: YamlDocument[]): Located[] => (
    documents.map((document) => ({ ...document, where }))
  );
  return [
    ...readPaths(paths).flatMap((input) => located(input.file, readManifests(input))),
    ...yaml.flatMap((text, index) => located(`yaml[${index}]`, readYaml(text, `yaml[${index}]`))),
    ...objects.flatMap((value, index) => located(`objects[${index}]`, fromObject(value))),
  ];
}

/** Copied, so that later changes by the caller have no effect. */
function fromObject(value: unknown): YamlDocument[] {
  const problems = new Problems();
  const copy = copyPlain(value, problems);
  const documents = documentsIn(copy);
  if (!problems.hasErrors) return documents;
  // A function is read from the original, which reports all its problems together.
  return documents[0].kind === 'function' ? [{ ...documents[0], value }] : [{ kind: 'other', problems: problems.all }];
}

/** cdk8s throws its own error for an apiVersion with two slashes. */
function problemsOf(error: unknown): Problem[] {
  if (error instanceof ProblemsError) return error.groups.flatMap(({ problems }) => problems);
  return [{ severity: 'error', path: [], message: (error as Error).message }];
}

function readFunction(document: Located, options: FunctionOptions): Located {
  const read = intakeFromManifest(document.value, options, document.position);
  const intake = { ...read, problems: [...document.problems, ...read.problems] };
  return { ...document, intake, problems: intake.problems };
}

function failOnAny(documents: readonly Located[]): void {
  const failed = documents
    .map(({ where, problems }) => ({ where, problems: problems.filter(({ severity }) => severity === 'error') }))
    .filter(({ problems }) => problems.length > 0);
  if (failed.length > 0) throw new ProblemsError(failed);
}

/** Functions that are only built, and other objects, have no construct that would report their warnings. */
function linesOfRest(
  documents: readonly Located[], severity: Severity, knownNames: readonly string[] | undefined,
): string[] {
  const rest = documents.filter(({ intake }) => intake?.model === undefined);
  return rest.flatMap(({ kind, value, where, problems, position }) => {
    const found = kind === 'other' ? componentWarnings(value) : [];
    const more = found.map((problem) => ({ ...problem, position: position?.(problem.path) }));
    const wanted = [...problems, ...more].filter((problem) => problem.severity === severity);
    return withoutKnown(wanted, knownNames).map((problem) => (
      (problem.position === undefined ? `${where}: ` : '') + formatProblem(problem)
    ));
  });
}
