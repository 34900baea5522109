/** An OpenFunction function and all its Kubernetes objects. */
import { ApiObject, ApiObjectMetadataDefinition } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DaprMode } from './choices';
import type { ComponentOptions } from './component-options';
import type { IEnvValue } from './env-value';
import type { FunctionInput } from './function-input';
import type { FunctionOptions, ManifestOptions } from './function-options';
import type { FunctionOutput } from './function-output';
import { FunctionPods } from './function-pods';
import type { OpenFunctionAppProps } from './function-props';
import type { FunctionReport } from './function-report';
import type { IDaprComponent } from './i-dapr-component';
import { internalUrlOf } from './private/decide/plan';
import { yamlFileWithFunction, yamlTextWithFunction } from './private/function/read-function';
import { SERVING_LABEL } from './private/kubernetes/constants';
import type { Growth } from './private/props/growth';
import { reportOf } from './private/report/report';
import { checkAdded, checkAddition, OwnComponent } from './private/tree/consumers';
import type { FunctionBody } from './private/tree/function-body';
import { manifestReader, Read } from './private/tree/intake';
import { makeBody, propsOfRead } from './private/tree/make-body';
import { proxyPodsOf } from './private/tree/pods';
import { withKept } from './private/tree/synthesis';
import type { InvokeGrant } from './privileges';

/**
 * An OpenFunction function as a construct: the Knative Service or the asynchronous workload with its scaler, the Dapr
 * components, and sidecar annotations or the shared dapr-proxy, as OpenFunction's documented defaults decide.
 *
 * For cdk8s-plus it is a selector of its pods: `new kplus.NetworkPolicy(chart, 'guard', { selector: fn })`.
 *
 * Problems of all functions of an app come in one error when it is synthesized, each with path, value and allowed
 * values. Warnings are printed to standard error then, and are part of the report.
 *
 * @example
 * new OpenFunctionApp(chart, 'hello', { image: 'acme/hello:1.4.0' });
 */
export class OpenFunctionApp extends FunctionPods {
  /**
   * A function from a `core.openfunction.io/v1beta1` or `v1beta2` manifest, as an object.
   * @param scope parent construct
   * @param id id of the construct
   * @param manifest the `Function` object
   * @param options what goes beyond the manifest, or replaces its image and variables
   */
  public static fromManifest(
    scope: Construct, id: string, manifest: { [field: string]: unknown }, options: ManifestOptions = {},
  ): OpenFunctionApp {
    return OpenFunctionApp._fromRead(scope, id, manifestReader(() => ({ value: manifest }), options), options);
  }

  /**
   * A function from a YAML or JSON file that holds one `Function` and nothing else. For several objects, see
   * `OpenFunctionManifests`.
   * @param scope parent construct
   * @param id id of the construct
   * @param path path of the file
   * @param options what goes beyond the manifest, or replaces its image and variables
   */
  public static fromYamlFile(
    scope: Construct, id: string, path: string, options: ManifestOptions = {},
  ): OpenFunctionApp {
    return OpenFunctionApp._fromRead(scope, id, manifestReader(() => yamlFileWithFunction(path), options), options);
  }

  /**
   * A function from YAML or JSON text that holds one `Function` and nothing else.
   * @param scope parent construct
   * @param id id of the construct
   * @param text the text
   * @param options what goes beyond the manifest, or replaces its image and variables
   */
  public static fromYamlText(
    scope: Construct, id: string, text: string, options: ManifestOptions = {},
  ): OpenFunctionApp {
    return OpenFunctionApp._fromRead(scope, id, manifestReader(() => yamlTextWithFunction(text), options), options);
  }

  /** @internal */
  public static _fromRead(
    scope: Construct, id: string, read: Read, options: FunctionOptions, where?: string,
  ): OpenFunctionApp {
    return new OpenFunctionApp(scope, id, propsOfRead({ read, where }, options.platform));
  }

  /** Name of the function, and of its main objects. */
  public readonly functionName: string;
  /** Namespace of the function, and of all objects that are its own. */
  public readonly namespace: string;
  /** Dapr app-id of the function. */
  public readonly daprAppId: string;
  private readonly made?: FunctionBody;

  /**
   * @param scope parent construct
   * @param id id of the construct, and the name of the function unless `name` is given
   * @param props what the function is made of
   */
  public constructor(scope: Construct, id: string, props: OpenFunctionAppProps) {
    super(scope, id);
    const made = makeBody(this, id, props, new.target !== OpenFunctionApp);
    this.made = made.body;
    [this.functionName, this.namespace, this.daprAppId] = [made.name, made.namespace, made.appId];
  }

  /**
   * Adds inputs, as the prop `inputs` does. The first topic or binding makes the function asynchronous, unless it has
   * an HTTP trigger. Throws if the result is not valid, and leaves the function unchanged.
   *
   * @param inputs topics, bindings and states that the function receives or reads
   */
  public addInput(...inputs: FunctionInput[]): void {
    this.grow({ inputs });
  }

  /**
   * Adds outputs, as the prop `outputs` does. Throws if the result is not valid, and leaves the function unchanged.
   *
   * @param outputs topics and bindings that the function sends data to
   */
  public addOutput(...outputs: FunctionOutput[]): void {
    this.grow({ outputs });
  }

  /**
   * Adds states, as the prop `states` does. Throws if the result is not valid, and leaves the function unchanged.
   *
   * @param states components of type `state.*`
   */
  public addState(...states: IDaprComponent[]): void {
    this.grow({ states });
  }

  /**
   * Adds an environment variable, as the prop `env` does, or replaces its value.
   *
   * @param name name of the variable; those that the library or Knative sets are rejected
   * @param value its value
   */
  public addEnv(name: string, value: string): void {
    checkAddition(this, 'addEnv', name, { value });
    this.grow({ env: { [name]: value } });
  }

  /**
   * Adds an environment variable whose value comes from elsewhere, as the prop `envVariables` does, or replaces it.
   *
   * @param name name of the variable; those that the library or Knative sets are rejected
   * @param value where its value comes from, such as `EnvValue.fromSecretValue({ secret, key })` of any cdk8s-plus
   */
  public addEnvVariable(name: string, value: IEnvValue | kplus.EnvValue): void {
    checkAddition(this, 'addEnvVariable', name, { value });
    this.grow({ envVariables: { [name]: value } });
  }

  /**
   * Adds a Dapr component that only this function can use: its app-id is the only scope. The name of the `Component`
   * includes that of the function, so other functions can use the same name.
   * @param name name under which the function uses it, a DNS-1123 name
   * @param options type and metadata of the component
   * @returns the component, for inputs, outputs and states of this function
   */
  public addComponent(name: string, options: ComponentOptions): IDaprComponent {
    checkAdded(this, name, options, this.made?.ownComponents);
    this.grow({ components: { [name]: { ...options } } });
    return new OwnComponent(this, name, options.componentType);
  }

  /**
   * Lets an app call this function through Dapr, where `leastPrivilege` in the platform settings denies it to others.
   *
   * @param appId Dapr app-id of the caller, such as `fn.daprAppId`
   * @param grant what it may call; without it, everything
   */
  public grantInvoke(appId: string, grant: InvokeGrant = {}): void {
    this.body.admit(appId, grant);
  }

  /** How the function uses Dapr. */
  public get daprMode(): DaprMode {
    return this.body.plan.dapr.mode as DaprMode;
  }

  /** The same as `workload`; also returned by `ApiObject.of(fn)` and `fn.node.defaultChild`. */
  public get apiObject(): ApiObject {
    return this.workload;
  }

  /** Metadata of the workload, to which labels and annotations can be added. */
  public get metadata(): ApiObjectMetadataDefinition {
    return this.workload.metadata;
  }

  /** Name of the workload, as `apiObject.name`; that of a Job can differ from `functionName`. */
  public get name(): string {
    return this.workload.name;
  }

  /** The Knative Service, Deployment, StatefulSet or Job; the ScaledJob if KEDA creates the Jobs. */
  public get workload(): ApiObject {
    return this.made === undefined ? this.node.defaultChild as ApiObject : this.body.byRole('workload')[0];
  }

  /** The Deployment of the dapr-proxy, in standalone mode. */
  public get proxy(): ApiObject | undefined {
    return this.body.byRole('proxy')[0];
  }

  /** The Dapr components that belong to this function. */
  public get components(): ApiObject[] {
    return this.body.byRole('component');
  }

  /** The core/v1 Service of the pods, if there is one; Knative creates its own. */
  public get service(): ApiObject | undefined {
    return this.body.byRole('service')[0];
  }

  /** The HTTPRoute of the function, if there is one. */
  public get route(): ApiObject | undefined {
    return this.body.byRole('route')[0];
  }

  /** KEDA's ScaledObject, ScaledJob or HTTPScaledObject, if there is one. */
  public get scaler(): ApiObject | undefined {
    return this.body.plan.scaling.scaler === 'ScaledJob' ? this.workload : this.body.byRole('scaler')[0];
  }

  /** Labels that the function's pods have, and no others in their namespace. */
  public get podLabels(): { [key: string]: string } {
    return { [SERVING_LABEL]: this.functionName };
  }

  /** The pods of the dapr-proxy, as the function itself is for its own. Throws for a function without the proxy. */
  public get proxyPods(): FunctionPods {
    return proxyPodsOf(this, this.body.plan);
  }

  /** All objects of this function, in the order of the output. */
  public get objects(): ApiObject[] {
    return this.body.objects.map(({ following }) => following.apiObject);
  }

  /**
   * URL at which other pods can call the function. Throws for an async function without the dapr-proxy, which can only
   * be called through Dapr, as `daprAppId`.
   */
  public get internalUrl(): string {
    if (this.made === undefined) return `http://${this.functionName}.${this.namespace}`;
    return internalUrlOf(this.body.plan, this.node.path);
  }

  /**
   * URLs from outside of the cluster, one for each host name of the route but wildcards; without the paths of rules.
   * The scheme is `http`: whether there is TLS is up to the gateway's listener.
   */
  public get externalUrls(): string[] {
    return [...this.body.plan.route?.urls ?? []];
  }

  /** What was decided for the function, and what its objects need from the cluster. */
  public get report(): FunctionReport {
    return reportOf(this.body.reported);
  }

  /** @internal */
  public get _body(): Pick<FunctionBody, 'plan' | 'objects' | 'lateErrors' | 'information' | 'warnings' | 'conflicts'> {
    return this.body;
  }

  /** Throws for a function whose own problems wait for synthesis. */
  private get body(): FunctionBody {
    if (this.made === undefined) throw withKept(this);
    return this.made;
  }

  private grow(added: Partial<Growth>): void {
    try {
      this.made?.grow(added);
    } catch (error) {
      throw withKept(this, error);
    }
  }
}
