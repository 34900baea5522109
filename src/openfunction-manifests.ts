/** Functions and other objects from files, folders and YAML. */
import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { FunctionOptions } from './function-options';
import { OpenFunctionApp } from './openfunction-app';
import { componentWarnings } from './private/catalogue/component-object';
import { failOn, Problem, Problems, ProblemsError, withoutKnown } from './private/problem/problem';
import { Growth, NO_GROWTH } from './private/props/growth';
import { checkOptionNames } from './private/props/known-props';
import { givenProps } from './private/settings/known-props';
import { Intake, intakeFromManifest } from './private/tree/intake';
import { attemptAll, neighbourhoodOf, settingsFor } from './private/tree/surroundings';
import { keepOrThrow, register, Said, speakAtSynthesis } from './private/tree/synthesis';
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
  paths: ['text'], yaml: [0], objects: [0],
} as const satisfies Record<Exclude<keyof OpenFunctionManifestsProps, keyof FunctionOptions>, readonly [0 | 'text']>;

/**
 * Creates an `OpenFunctionApp` for each `Function`, and passes all other objects through unchanged.
 *
 * Problems have file, line and column, and come in one error when the app is synthesized.
 *
 * @example
 * new OpenFunctionManifests(chart, 'legacy', { paths: ['functions/'] });
 */
export class OpenFunctionManifests extends Construct {
  /** The functions, in input order. */
  public readonly functions: OpenFunctionApp[];
  /** All other objects, in input order. */
  public readonly others: ApiObject[];

  /**
   * @param scope parent construct
   * @param id id of the construct
   * @param props sources of manifests, and options of the functions in them
   */
  public constructor(scope: Construct, id: string, props: OpenFunctionManifestsProps) {
    super(scope, id);
    const made = this.addAll(givenProps(props));
    this.functions = made.filter((each) => each instanceof OpenFunctionApp);
    this.others = made.filter((each) => each instanceof ApiObject);
  }

  private addAll(props: OpenFunctionManifestsProps): (OpenFunctionApp | ApiObject)[] {
    const made: (OpenFunctionApp | ApiObject)[] = [];
    try {
      const { unknown, misshapen } = checkOptionNames(props, SOURCES);
      const wrong = [...misshapen, ...unknown];
      failOn(this.node.path, wrong.length > 0 ? wrong : sourceless(props));
      const read = allDocuments(props).map((document) => (
        document.kind === 'function' ? readFunction(document, props) : document));
      neighbourhoodOf(this).add(read.filter(({ kind }) => kind === 'other').map(({ value }) => value));
      speakAtSynthesis(this, () => saidOfRest(read, this, props));
      // Keeps the input order: a Namespace may precede its objects.
      attemptAll(read, (document) => made.push(...this.add(document, props)));
    } catch (error) {
      keepOrThrow(this, error);
    }
    return made;
  }

  private add(document: Located, options: FunctionOptions): (OpenFunctionApp | ApiObject)[] {
    const { kind, value, intake, where, position, problems } = document;
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (intake !== undefined && (intake.model !== undefined || errors.length > 0)) {
      return [this.addFunction({ value, intake, position, where }, options)];
    }
    if (errors.length > 0) throw new ProblemsError([{ where, problems: errors }]);
    if (kind === 'function' || value === undefined) return [];
    try {
      return [this.addOther(value as ManifestObject)];
    } catch (error) {
      // cdk8s throws its own error for an apiVersion with two slashes.
      const { message } = error as Error;
      throw new ProblemsError([{ where, problems: [{ severity: 'error', path: [], message }] }]);
    }
  }

  private addFunction({ value, intake, position, where }: ReadFunction, options: FunctionOptions): OpenFunctionApp {
    const { name, namespace } = intake.model ?? { name: '' };
    const id = this.freeId(`function-${namespace ?? ''}-${name}`);
    // Read again only when something is added.
    const read = (growth: Growth) => (
      growth === NO_GROWTH ? intake : intakeFromManifest(value, options, position, growth)
    );
    return OpenFunctionApp._fromRead(this, id, read, options, where);
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

type ReadFunction = Pick<Located, 'value' | 'position' | 'where'> & { readonly intake: Intake };

function sourceless({ paths, yaml, objects }: OpenFunctionManifestsProps): Problem[] {
  const isGiven = (paths ?? yaml ?? objects ?? undefined) !== undefined;
  return isGiven ? [] : [{ severity: 'error', path: [], message: 'has no source; give "paths", "yaml" or "objects"' }];
}

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

function readFunction(document: Located, options: FunctionOptions): Located {
  const read = intakeFromManifest(document.value, options, document.position);
  const intake = { ...read, problems: [...document.problems, ...read.problems] };
  return { ...document, intake, problems: intake.problems };
}

/** Functions that are only built, and other objects, have no construct that would say what they are warned about. */
function saidOfRest(
  documents: readonly Located[], scope: Construct, { platform: own }: OpenFunctionManifestsProps,
): Said[] {
  const { strict, platform } = settingsFor(scope);
  const rest = documents.filter(({ intake }) => intake?.model === undefined);
  return rest.flatMap(({ kind, value, where, problems, position }): Said[] => {
    const found = kind === 'other' ? componentWarnings(value, position) : [];
    const more = found.map((problem) => ({ ...problem, position: position?.(problem.path) }));
    const all = [...problems, ...more].filter(({ severity }) => severity !== 'error');
    return withoutKnown(all, own?.knownNames ?? platform.knownNames).map((problem) => ({
      where: problem.position === undefined ? `${scope.node.path}: ${where}` : scope.node.path,
      problems: [problem],
      strict: (own?.strict ?? strict) === true,
    }));
  });
}
