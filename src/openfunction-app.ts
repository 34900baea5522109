/** An OpenFunction function and every Kubernetes object that it becomes. */
import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DaprMode } from './choices';
import { DaprComponent } from './dapr-component';
import type { IDaprComponent } from './dapr-component-props';
import { DaprProxyImage } from './dapr-proxy-image';
import type { FunctionOptions, OpenFunctionAppProps } from './function-props';
import type { FunctionReport } from './function-report';
import type { FunctionPlan } from './private/decide/plan';
import { onlyFunction } from './private/function/only-function';
import { serviceHost } from './private/kubernetes/syntax';
import { Path, Problem, Problems, show } from './private/problem/problem';
import { failOn, ProblemsError } from './private/problem/problems-error';
import { reportOf } from './private/report/report';
import { FunctionBody } from './private/tree/function-body';
import { FunctionInput, inputFromManifest, inputFromProps } from './private/tree/function-input';
import { listenForSettings, NO_SETTINGS, readSettings } from './private/tree/settings-tree';

/** Inputs that were read already, by the props that stand for them: a jsii constructor takes one shape. */
const READ = new WeakMap<object, FunctionInput>();

/**
 * An OpenFunction function as a construct: the Knative Service or the asynchronous workload with its scaler, the Dapr
 * components, and sidecar annotations or the shared dapr-proxy, as OpenFunction's documented defaults decide.
 *
 * All problems of the function are reported in one error, each with path, value and what is allowed. Warnings are
 * printed once to standard error when the app is synthesized, and stand in the report.
 *
 * @example
 * new OpenFunctionApp(chart, 'hello', { name: 'hello', image: 'acme/hello:1.4.0' });
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
  public static fromManifest(scope: Construct, id: string, manifest: { [field: string]: unknown }, options: FunctionOptions = {}): OpenFunctionApp {
    return OpenFunctionApp._fromInput(scope, id, inputFromManifest(manifest, options), options);
  }

  /**
   * A function from a YAML file, or from its text, that holds one `Function` and nothing else. For several objects, see
   * `OpenFunctionManifests`.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param file path of the file; with a line break in it, the text itself
   * @param options what goes beyond the manifest
   */
  public static fromYaml(scope: Construct, id: string, file: string, options: FunctionOptions = {}): OpenFunctionApp {
    const { value, position } = onlyFunction(file);
    return OpenFunctionApp._fromInput(scope, id, inputFromManifest(value, options, position), options);
  }

  /** @internal */
  public static _fromInput(scope: Construct, id: string, input: FunctionInput, options: FunctionOptions): OpenFunctionApp {
    const props: OpenFunctionAppProps = { image: '', platform: options.platform };
    READ.set(props, input);
    return new OpenFunctionApp(scope, id, props);
  }

  /** Name of the function. */
  public readonly functionName: string;
  /** Its namespace. */
  public readonly namespace: string;
  /** How it uses Dapr. */
  public readonly daprMode: DaprMode;
  /** App-id under which Dapr knows it. */
  public readonly daprAppId: string;
  private readonly body: FunctionBody;

  public constructor(scope: Construct, id: string, props: OpenFunctionAppProps) {
    super(scope, id);
    try {
      this.body = this.bodyOf(READ.get(props) ?? inputFromProps(id, props), props);
      this.scopeComponents(props);
    } catch (error) {
      scope.node.tryRemoveChild(id); // so that whoever catches this has no half of a function
      throw error;
    }
    const { plan } = this.body;
    this.functionName = plan.name;
    this.namespace = plan.namespace;
    this.daprMode = plan.dapr.mode as DaprMode;
    this.daprAppId = plan.names.appId;
    listenForSettings(this, () => this.body.refresh());
    this.node.addValidation({ validate: () => this.body.validate() });
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
    return this.body.objects.map(({ living }) => living.apiObject);
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
    const parts = this.body.objects.map(({ role, living: { apiObject } }) => ({ role, apiObject }));
    return reportOf(this.body.plan, parts, this.body.warnings);
  }

  private bodyOf(input: FunctionInput, { platform }: OpenFunctionAppProps): FunctionBody {
    const { model, problems } = input;
    if (model === undefined) throw new ProblemsError([{ where: this.node.path, problems }]);
    const settings = platform === undefined ? NO_SETTINGS : readSettings(this.node.path, platform);
    return new FunctionBody(this, { ...input, model }, settings, () => DaprProxyImage.inline()._model());
  }

  private scopeComponents({ inputs = [], outputs = [], states = [] }: OpenFunctionAppProps): void {
    const used: [Path, IDaprComponent][] = [
      ...inputs.map(({ component }, index): [Path, IDaprComponent] => [['inputs', index, 'component'], component]),
      ...outputs.map(({ component }, index): [Path, IDaprComponent] => [['outputs', index, 'component'], component]),
      ...states.map((component, index): [Path, IDaprComponent] => [['states', index], component]),
    ];
    const shared = used.filter((entry): entry is [Path, DaprComponent] => entry[1] instanceof DaprComponent);
    if (shared.length === 0) return;
    const { namespace, names } = this.body.plan;
    const problems = new Problems();
    for (const [path, { componentName, componentNamespace }] of shared) {
      if (componentNamespace === namespace) continue;
      problems.error(path, `${show(componentName)} is in namespace ${show(componentNamespace)}, which Dapr does not look into for a function in ${show(namespace)}`);
    }
    failOn(this.node.path, problems.all);
    for (const [, component] of shared) {
      component.addScope(names.appId);
      // Components come before workloads; charts may use each other's components, so only within one.
      if (Chart.of(component) === Chart.of(this)) this.node.addDependency(component);
    }
  }
}

function withoutService({ dapr, names }: FunctionPlan): Problem {
  const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
  return { severity: 'error', path: ['internalUrl'], message: `is not there: an async function without the dapr-proxy has no Service${through}` };
}
