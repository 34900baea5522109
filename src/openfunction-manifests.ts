/** Functions and other objects from files, folders and YAML, as a construct. */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { FunctionOptions } from './function-props';
import { OpenFunctionApp } from './openfunction-app';
import { FunctionInput, inputFromManifest } from './private/input/function-input';
import { readPaths } from './private/input/read-paths';
import { isFunction, readYaml, YamlDocument } from './private/input/read-yaml';
import { ProblemGroup, ProblemsError } from './private/problems-error';

/** Where manifests come from, and what goes beyond them. */
export interface OpenFunctionManifestsProps extends FunctionOptions {
  /**
   * YAML or JSON files, and folders that are searched for them.
   *
   * @default - none
   */
  readonly paths?: string[];
  /**
   * Multi-document YAML texts.
   *
   * @default - none
   */
  readonly yaml?: string[];
  /**
   * Kubernetes objects.
   *
   * @default - none
   */
  readonly objects?: unknown[];
}

/** A function that was read, with the document it came from. */
interface ReadFunction {
  readonly where: string;
  readonly input: FunctionInput;
}

/**
 * Makes an `OpenFunctionApp` of each `Function`, and passes every other object through untouched.
 *
 * The problems of all functions are reported in one error, with file, line and column; then nothing is made.
 *
 * @example
 * new OpenFunctionManifests(chart, 'legacy', { paths: ['functions/'] });
 */
export class OpenFunctionManifests extends Construct {
  /** The functions, in the order in which they were read. */
  public readonly functions: OpenFunctionApp[];
  /** Everything else, in the order in which it was read. */
  public readonly others: ApiObject[];

  public constructor(scope: Construct, id: string, props: OpenFunctionManifestsProps) {
    super(scope, id);
    const documents = allDocuments(props);
    const functions = documents.filter(({ kind }) => kind === 'function').map((document) => readFunction(document, props));
    const groups = [...documents.map(({ where, problems }) => ({ where, problems })), ...functions.map(({ where, input }) => ({ where, problems: input.problems }))];
    failOnAny(groups);
    this.functions = functions.filter(({ input }) => input.model !== undefined).map(({ input }) => this.addFunction(input, props));
    this.others = documents.filter(({ kind }) => kind === 'other').map(({ value }) => this.addOther(value as ManifestObject));
    warnOfRest(functions);
  }

  private addFunction(input: FunctionInput, options: FunctionOptions): OpenFunctionApp {
    const { name, namespace } = input.model ?? { name: '' };
    return OpenFunctionApp._fromInput(this, this.freeId(`function-${namespace ?? ''}-${name}`), input, options);
  }

  private addOther(value: ManifestObject): ApiObject {
    const { kind, metadata } = value;
    return new ApiObject(this, this.freeId(`${kind}-${metadata?.namespace ?? ''}-${metadata?.name ?? ''}`), value);
  }

  /** Two objects may have one name here: whether they may in the cluster is checked at synthesis. */
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
}

function allDocuments({ paths = [], yaml = [], objects = [] }: OpenFunctionManifestsProps): Located[] {
  const files = readPaths(paths).flatMap(({ file, content }) => readYaml(content, file).map((document) => ({ ...document, where: file })));
  const texts = yaml.flatMap((text, index) => readYaml(text, `yaml[${index}]`).map((document) => ({ ...document, where: `yaml[${index}]` })));
  const given = objects.map((value, index): Located => ({ value, where: `objects[${index}]`, problems: [], kind: kindOf(value) }));
  return [...files, ...texts, ...given];
}

function kindOf(value: unknown): 'function' | 'other' {
  const { apiVersion, kind } = (value ?? {}) as { apiVersion?: unknown; kind?: unknown };
  return isFunction(apiVersion, kind) ? 'function' : 'other';
}

function readFunction({ value, where, position }: Located, options: FunctionOptions): ReadFunction {
  return { where, input: inputFromManifest(value, options, position) };
}

function failOnAny(groups: ProblemGroup[]): void {
  const failed = groups.map(({ where, problems }) => ({ where, problems: problems.filter(({ severity }) => severity === 'error') }))
    .filter(({ problems }) => problems.length > 0);
  if (failed.length > 0) throw new ProblemsError(failed);
}

/** A function that is only built makes no construct that could print its warnings. */
function warnOfRest(functions: ReadFunction[]): void {
  for (const { where, input } of functions) {
    if (input.model !== undefined) continue;
    for (const { message } of input.problems) process.stderr.write(`${where}: warning: ${message}\n`);
  }
}
