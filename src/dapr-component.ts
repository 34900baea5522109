/** A Dapr component that stands by itself: shared by several functions, or defined elsewhere. */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { DaprComponentProps, IDaprComponent } from './dapr-component-props';
import { checkExistingComponent, checkSharedComponent } from './private/decide/shared-component';
import { componentSpec } from './private/emit/component';
import type { ComponentSpecModel } from './private/function/function-model';
import { MANAGED_LABEL } from './private/kubernetes/constants';
import { formatProblem } from './private/problem/problem';
import { failOn } from './private/problem/problems-error';
import { componentSpecOf } from './private/props/from-props';
import { register } from './private/tree/registry';
import { settingsFor } from './private/tree/settings-tree';
import { reportWarnings } from './private/tree/warnings';

/**
 * A Dapr `Component` of its own: functions that name it in inputs, outputs or states are added to its scopes.
 *
 * Rejects, in one error: a name that is not a valid DNS-1123 name, a type that is no `bindings.*`, `pubsub.*` or `state.*` type,
 * and metadata that is no string, number or boolean.
 *
 * @see https://docs.dapr.io/reference/resource-specs/component-schema/
 */
export class DaprComponent extends Construct implements IDaprComponent {
  /**
   * A component that something else defines.
   *
   * @param name name of the `Component` object
   * @param componentType its full type, such as `pubsub.kafka`
   */
  public static existing(name: string, componentType: string): IDaprComponent {
    failOn(`DaprComponent.existing(${JSON.stringify(name)})`, checkExistingComponent(name, componentType));
    return { componentName: name, componentType };
  }

  /**
   * A component that the function itself defines in its prop `components`.
   *
   * @param name the name it has there
   * @param componentType its full type, such as `bindings.kafka`
   */
  public static own(name: string, componentType: string): IDaprComponent {
    return DaprComponent.existing(name, componentType);
  }

  /** Name of the `Component` object. */
  public readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. */
  public readonly componentType: string;
  /** Namespace of the `Component` object. */
  public readonly componentNamespace: string;
  /** The `Component` object. */
  public readonly apiObject: ApiObject;
  /** @internal */
  public readonly _spec: ComponentSpecModel;
  private readonly appIds: Set<string>;

  public constructor(scope: Construct, id: string, props: DaprComponentProps) {
    super(scope, id);
    this.componentName = props.name ?? id;
    this.componentType = props.componentType;
    const problems = checkSharedComponent(this.componentName, props);
    failOn(this.node.path, problems);
    this.componentNamespace = props.namespace ?? Chart.of(this).namespace ?? 'default';
    this.appIds = new Set(props.scopes);
    this._spec = componentSpecOf(props);
    this.apiObject = new ApiObject(this, 'Resource', {
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: this.componentName, namespace: this.componentNamespace, labels: { [MANAGED_LABEL]: 'true' } },
      ...(this._spec.auth !== undefined && { auth: this._spec.auth }),
      scopes: Lazy.any({ produce: () => (this.appIds.size === 0 ? undefined : this.scopes) }),
      spec: componentSpec(this._spec),
    });
    const warnings = problems.map(formatProblem);
    this.node.addValidation({
      validate: () => [...reportWarnings(this, warnings, settingsFor(this).strict === true), ...register(this).conflicts(this)],
    });
    register(this).claim(this, [`Component ${this.componentNamespace}/${this.componentName}`]);
  }

  /** App-ids that may use the component, sorted. */
  public get scopes(): string[] {
    return [...this.appIds].sort();
  }

  /** Lets further apps use the component. */
  public addScope(...appIds: string[]): void {
    appIds.forEach((appId) => this.appIds.add(appId));
  }
}
