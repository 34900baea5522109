/** An OpenFunction function and every Kubernetes object that it becomes. */
import { ApiObject, ApiObjectMetadataDefinition } from 'cdk8s';
import { Construct } from 'constructs';
import { DaprMode } from './choices';
import type { ComponentOptions } from './component-options';
import { DaprProxyImage } from './dapr-proxy-image';
import type { FunctionInput } from './function-input';
import type { FunctionOutput } from './function-output';
import type { FunctionOptions, OpenFunctionAppProps } from './function-props';
import type { FunctionReport } from './function-report';
import type { IDaprComponent } from './i-dapr-component';
import type { FunctionPlan } from './private/decide/plan';
import { checkSharedComponent } from './private/decide/shared-component';
import { yamlFileWithFunction, yamlTextWithFunction } from './private/function/only-function';
import { serviceHost } from './private/kubernetes/syntax';
import { Problem, show } from './private/problem/problem';
import { failOn, ProblemsError } from './private/problem/problems-error';
import { grow, Growth, NO_GROWTH } from './private/props/growth';
import { reportOf } from './private/report/report';
import { FunctionBody, ReadIntake } from './private/tree/function-body';
import { Intake, intakeFromManifest, intakeFromProps } from './private/tree/intake';
import { OwnComponent } from './private/tree/own-component';
import { listenForSettings, NO_SETTINGS, readSettings } from './private/tree/settings-tree';

/** A function as it came in, with what was added to it since. */
type Read = (growth: Growth) => Intake;

/** Manifests that were read already, by the props that stand for them: a jsii constructor takes one shape. */
const READ = new WeakMap<object, Read>();

/**
 * An OpenFunction function as a construct: the Knative Service or the asynchronous workload with its scaler, the Dapr
 * components, and sidecar annotations or the shared dapr-proxy, as OpenFunction's documented defaults decide.
 *
 * All problems of the function are reported in one error, each with path, value and what is allowed. Warnings are
 * printed once to standard error when the app is synthesized, and are part of the report.
 *
 * @example
 * new OpenFunctionApp(chart, 'hello', { image: 'acme/hello:1.4.0' });
 */
export class OpenFunctionApp extends Construct {
  /**
   * A function from a `core.openfunction.io/v1beta1` or `v1beta2` manifest, as an object.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param manifest the `Function`
   * @param options what goes beyond the manifest
   */
  public static fromManifest(
    scope: Construct, id: string, manifest: { [field: string]: unknown }, options: FunctionOptions = {},
  ): OpenFunctionApp {
    return OpenFunctionApp._fromRead(scope, id, (growth) => intakeFromManifest(manifest, options, undefined, growth), options);
  }

  /**
   * A function from a YAML or JSON file that holds one `Function` and nothing else. For several objects, see
   * `OpenFunctionManifests`.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param path path of the file
   * @param options what goes beyond the manifest
   */
  public static fromYamlFile(scope: Construct, id: string, path: string, options: FunctionOptions = {}): OpenFunctionApp {
    const { value, position } = yamlFileWithFunction(path);
    return OpenFunctionApp._fromRead(scope, id, (growth) => intakeFromManifest(value, options, position, growth), options);
  }

  /**
   * A function from YAML or JSON text that holds one `Function` and nothing else.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param text the text
   * @param options what goes beyond the manifest
   */
  public static fromYamlText(scope: Construct, id: string, text: string, options: FunctionOptions = {}): OpenFunctionApp {
    const { value, position } = yamlTextWithFunction(text);
    return OpenFunctionApp._fromRead(scope, id, (growth) => intakeFromManifest(value, options, position, growth), options);
  }

  /** @internal */
  public static _fromRead(scope: Construct, id: string, read: Read, options: FunctionOptions): OpenFunctionApp {
    const props: OpenFunctionAppProps = { image: '', platform: options.platform };
    READ.set(props, read);
    return new OpenFunctionApp(scope, id, props);
  }

  /** Name of the function. */
  public readonly functionName: string;
  /** Its namespace. */
  public readonly namespace: string;
  /** App-id under which Dapr knows it. */
  public readonly daprAppId: string;
  private readonly read: Read;
  private readonly body: FunctionBody;
  private growth = NO_GROWTH;

  public constructor(scope: Construct, id: string, props: OpenFunctionAppProps) {
    super(scope, id);
    this.read = READ.get(props) ?? ((growth) => intakeFromProps(id, props, growth));
    try {
      const settings = props.platform === undefined ? NO_SETTINGS : readSettings(this.node.path, props.platform);
      this.body = new FunctionBody(this, this.readWith(NO_GROWTH), settings, () => DaprProxyImage.inline()._model());
    } catch (error) {
      scope.node.tryRemoveChild(id); // so that whoever catches this has no half of a function
      throw error;
    }
    const { plan } = this.body;
    this.functionName = plan.name;
    this.namespace = plan.namespace;
    this.daprAppId = plan.names.appId;
    listenForSettings(this, () => this.body.refresh());
    this.node.addValidation({ validate: () => this.body.validate() });
  }

  /**
   * Adds inputs, as the prop `inputs` does. The first one that is a topic or a binding makes the function asynchronous,
   * unless it has an HTTP trigger.
   *
   * Throws when the function cannot have them; then it stays as it was.
   */
  public addInput(...inputs: FunctionInput[]): void {
    this.grow({ inputs });
  }

  /** Adds outputs, as the prop `outputs` does. Throws when the function cannot have them; then it stays as it was. */
  public addOutput(...outputs: FunctionOutput[]): void {
    this.grow({ outputs });
  }

  /** Adds state stores, as the prop `states` does. Throws when the function cannot have them; then it stays as it was. */
  public addState(...states: IDaprComponent[]): void {
    this.grow({ states });
  }

  /**
   * Adds an environment variable, as the prop `env` does; an earlier value of the same name is replaced.
   *
   * @param name name of the variable
   * @param value its value
   */
  public addEnv(name: string, value: string): void {
    this.grow({ env: { [name]: value } });
  }

  /**
   * Adds a Dapr component that belongs to this function alone, with its app-id as the only scope.
   *
   * The `Component` object is named after the function, so that two functions may have components of one name.
   *
   * @param name name under which the function uses it, a DNS-1123 name
   * @param options what it is
   * @returns what inputs, outputs and states of this function refer to
   */
  public addComponent(name: string, options: ComponentOptions): IDaprComponent {
    const problems = checkSharedComponent(name, options);
    if (name in this.growth.components) problems.push({ severity: 'error', path: ['name'], message: `${show(name)} is defined already` });
    failOn(`${this.node.path} addComponent(${show(name)})`, problems);
    this.grow({ components: { [name]: { ...options } } });
    return new OwnComponent(this, name, options.componentType);
  }

  /** How the function uses Dapr. */
  public get daprMode(): DaprMode {
    return this.body.plan.dapr.mode as DaprMode;
  }

  /** The main object, as `ApiObject.of(fn)` and `fn.node.defaultChild` give it: the same as `workload`. */
  public get apiObject(): ApiObject {
    return this.workload;
  }

  /** Metadata of the workload, to which labels and annotations can be added. */
  public get metadata(): ApiObjectMetadataDefinition {
    return this.workload.metadata;
  }

  /** The Knative Service, Deployment, StatefulSet or Job; the ScaledJob where KEDA makes the Jobs. */
  public get workload(): ApiObject {
    return this.body.byRole('workload')[0];
  }

  /** The Deployment of the dapr-proxy, in standalone mode. */
  public get proxy(): ApiObject | undefined {
    return this.body.byRole('proxy')[0];
  }

  /** The Dapr components that belong to this function. */
  public get components(): ApiObject[] {
    return this.body.byRole('component');
  }

  /** The core/v1 Service in front of the pods, where there is one; Knative makes its own. */
  public get service(): ApiObject | undefined {
    return this.body.byRole('service')[0];
  }

  /** The HTTPRoute. */
  public get route(): ApiObject | undefined {
    return this.body.byRole('route')[0];
  }

  /** The ScaledObject, ScaledJob or HTTPScaledObject of KEDA. */
  public get scaler(): ApiObject | undefined {
    return this.body.plan.scaling.scaler === 'ScaledJob' ? this.workload : this.body.byRole('scaler')[0];
  }

  /** All objects of this function, in the order in which they are emitted. */
  public get objects(): ApiObject[] {
    return this.body.objects.map(({ following }) => following.apiObject);
  }

  /**
   * URL under which other pods of the cluster reach the function: of its Service, or of Knative's.
   *
   * Throws for an async function without the dapr-proxy, which has no Service: Dapr alone reaches it, under `daprAppId`.
   */
  public get internalUrl(): string {
    const { plan } = this.body;
    if (plan.engine === undefined) {
      if (plan.proxy === undefined) failOn(this.node.path, [withoutService(plan)]);
      return `http://${plan.names.host}:${plan.port}`;
    }
    const ownName = plan.workload === 'KnativeService' || plan.gatewayService !== undefined;
    const { services: { workload: service = plan.name }, host } = plan.names;
    return `http://${ownName ? host : serviceHost(service, plan.namespace, plan.clusterDomain)}`;
  }

  /** What was decided, and what the objects need of the cluster. */
  public get report(): FunctionReport {
    const parts = this.body.objects.map(({ role, following: { apiObject } }) => ({ role, apiObject }));
    return reportOf(this.body.plan, parts, this.body.warnings);
  }

  private grow(added: Partial<Growth>): void {
    const growth = grow(this.growth, added);
    this.body.replaceIntake(this.readWith(growth));
    this.growth = growth;
  }

  private readWith(growth: Growth): ReadIntake {
    const intake = this.read(growth);
    const { model, problems } = intake;
    if (model === undefined) throw new ProblemsError([{ where: this.node.path, problems }]);
    return { ...intake, model };
  }
}

function withoutService({ dapr, names }: FunctionPlan): Problem {
  const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
  return { severity: 'error', path: ['internalUrl'], message: `is not there: an async function without the dapr-proxy has no Service${through}` };
}
