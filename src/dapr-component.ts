/** Dapr components that functions share, or that are defined elsewhere. */
import { ApiObject, ApiObjectMetadataDefinition, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { DaprComponentProps, ExistingDaprComponent } from './dapr-component-props';
import type { DaprComponentBinding, DaprComponentConsumer, IDaprComponent } from './i-dapr-component';
import { ScopedUse, scopedSpec } from './private/decide/privileges';
import {
  checkAppIds, checkGrant, checkSharedComponent, UNUSED_COMPONENT,
} from './private/decide/shared-component';
import { componentSpec } from './private/emit/dapr-proxy';
import type { ComponentSpecModel } from './private/function/function-model';
import { MANAGED_LABEL } from './private/kubernetes/constants';
import { failOn, withoutKnown } from './private/problem/problem';
import { componentSpecOf, foreignSecrets } from './private/props/components';
import { checkExistingComponent, isComponentType } from './private/props/known-options';
import { givenProps } from './private/settings/known-props';
import { ConsumerSet } from './private/tree/consumers';
import { neighbourhoodOf, settingsFor } from './private/tree/surroundings';
import { keptProblems, nameProblems, register, speakAtSynthesis, withKept } from './private/tree/synthesis';

/**
 * A Dapr `Component` that several functions can use. The app-ids of these functions are added to its scopes.
 *
 * Rejects, in one error: a name that is not a DNS-1123 name, a type other than `bindings.*`, `pubsub.*` and `state.*`,
 * metadata that is neither string, number nor boolean, and scopes that are not valid app-ids.
 *
 * @see https://docs.dapr.io/reference/resource-specs/component-schema/
 */
export class DaprComponent extends Construct implements IDaprComponent {
  /**
   * A component that is defined elsewhere, such as by the platform team or in another chart. Emits nothing.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param component name, type and namespace of the component
   */
  public static fromComponentName(scope: Construct, id: string, component: ExistingDaprComponent): IDaprComponent {
    return new ExistingComponent(scope, id, component);
  }

  /** Name of the `Component` object. */
  public readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. */
  public readonly componentType: string;
  /** Namespace of the `Component` object. */
  public readonly componentNamespace: string;
  /** The `Component` object, to patch it or to depend on it. */
  public readonly apiObject: ApiObject;
  private readonly spec: ComponentSpecModel;
  private readonly appIds: Set<string>;
  private readonly consumers = new ConsumerSet(this);
  private readonly grants: ScopedUse[] = [];

  /**
   * @param scope parent construct
   * @param id id of the construct, and the name of the `Component` object unless `name` is given
   * @param props type, metadata and scopes of the component
   */
  public constructor(scope: Construct, id: string, props: DaprComponentProps) {
    super(scope, id);
    const { name = id, componentType } = givenProps(props);
    this.componentName = name;
    this.componentType = componentType;
    const checked = checkSharedComponent(this.componentName, givenProps(props));
    const isWrong = keptProblems(this, checked);
    // What a function uses it for depends on the type.
    if (isWrong && !isComponentType(this.componentType)) throw withKept(this);
    const { namespace, scopes, ...spec } = isWrong ? { componentType: this.componentType } : props;
    this.componentNamespace = namespace ?? Chart.of(this).namespace ?? 'default';
    const foreign = isWrong ? [] : foreignSecrets(props.secrets, 'component', this.componentNamespace);
    const problems = [...checked, ...foreign];
    this.appIds = new Set(scopes);
    this.spec = componentSpecOf(spec);
    this.apiObject = new ApiObject(this, 'Resource', {
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: this.componentName, namespace: this.componentNamespace, labels: { [MANAGED_LABEL]: 'true' } },
      ...(this.spec.auth !== undefined && { auth: this.spec.auth }),
      scopes: Lazy.any({ produce: () => (this.scopes.length === 0 ? undefined : this.scopes) }),
      spec: Lazy.any({ produce: () => componentSpec(this.scopedSpec()) }),
    });
    speakAtSynthesis(this, () => {
      const { strict, platform } = settingsFor(this);
      const open = this.isOpen(platform) ? [UNUSED_COMPONENT] : [];
      const conflicts = nameProblems(register(this).conflicts(this), ['name']);
      const warnings = [...problems.filter(({ severity }) => severity === 'warning'), ...open];
      const found = withoutKnown(warnings, platform.knownNames);
      return [{ problems: [...found, ...conflicts], strict: strict === true }];
    });
    register(this).claim(this, [`Component ${this.componentNamespace}/${this.componentName}`]);
  }

  /** Name of the `Component` object, as `apiObject.name`. */
  public get name(): string {
    return this.apiObject.name;
  }

  /** Metadata of the `Component` object, to which labels and annotations can be added. */
  public get metadata(): ApiObjectMetadataDefinition {
    return this.apiObject.metadata;
  }

  /** App-ids that may use the component, sorted: those given, and those of the functions that use it. */
  public get scopes(): string[] {
    return [...new Set([...this.appIds, ...this.consumers.all.map(([, appId]) => appId)])].sort();
  }

  /**
   * Adds app-ids that may use the component.
   *
   * @param appIds Dapr app-ids, such as `fn.daprAppId`; what Dapr does not take as one is rejected
   */
  public addScope(...appIds: string[]): void {
    failOn(this.node.path, checkAppIds(appIds, 'appIds'));
    appIds.forEach((appId) => this.appIds.add(appId));
  }

  /**
   * Lets apps publish to a topic beyond their outputs, and adds them to the scopes. Makes a difference with
   * `leastPrivilege` in the platform settings.
   *
   * @param topic name of the topic
   * @param appIds Dapr app-ids, such as `fn.daprAppId`
   */
  public grantPublish(topic: string, ...appIds: string[]): void {
    this.grant(topic, 'published', appIds);
  }

  /**
   * Lets apps subscribe to a topic beyond their inputs, and adds them to the scopes. Makes a difference with
   * `leastPrivilege` in the platform settings.
   *
   * @param topic name of the topic
   * @param appIds Dapr app-ids, such as `fn.daprAppId`
   */
  public grantSubscribe(topic: string, ...appIds: string[]): void {
    this.grant(topic, 'subscribed', appIds);
  }

  /**
   * Called by each function that uses the component; adds the function's app-id to the scopes.
   *
   * @param consumer the function
   */
  public bindConsumer(consumer: DaprComponentConsumer): DaprComponentBinding {
    this.consumers.add(consumer);
    return { namespace: this.componentNamespace, spec: { ...this.spec }, dependency: this };
  }

  private grant(topic: string, role: ScopedUse['role'], appIds: readonly string[]): void {
    failOn(this.node.path, checkGrant(this.componentType, topic, appIds));
    this.addScope(...appIds);
    this.grants.push(...appIds.map((appId) => ({ topic, role, appId })));
  }

  /** With least privilege, and nobody whom scopes could name. */
  private isOpen({ leastPrivilege }: { readonly leastPrivilege?: boolean }): boolean {
    return leastPrivilege === true && this.scopes.length === 0;
  }

  private scopedSpec(): ComponentSpecModel {
    const isScoped = settingsFor(this).platform.leastPrivilege === true && this.componentType.startsWith('pubsub.');
    if (!isScoped) return this.spec;
    const neighbourhood = neighbourhoodOf(this);
    const name = `${this.componentNamespace}/${this.componentName}`;
    const known = this.consumers.all.flatMap(([consumer, appId]) => {
      const uses = neighbourhood.topicsOf(consumer).filter(({ component }) => component === name);
      return uses.map((use) => ({ ...use, appId }));
    });
    return scopedSpec(this.spec, [...known, ...this.grants], this.scopes);
  }
}

class ExistingComponent extends Construct implements IDaprComponent {
  public readonly componentName: string;
  public readonly componentType: string;
  private readonly namespace?: string;

  public constructor(scope: Construct, id: string, component: ExistingDaprComponent) {
    super(scope, id);
    const isWrong = keptProblems(this, checkExistingComponent(component));
    if (isWrong && !isComponentType(component.componentType)) throw withKept(this);
    this.componentName = component.componentName;
    this.componentType = component.componentType;
    this.namespace = component.namespace;
  }

  public bindConsumer(_consumer: DaprComponentConsumer): DaprComponentBinding {
    return { namespace: this.namespace };
  }
}
