/** Credentials of KEDA triggers. */
import { ApiObject, ApiObjectMetadataDefinition, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { SecretKey } from './component-options';
import { checkTriggerAuthentication } from './private/decide/trigger-authentication';
import { MANAGED_LABEL } from './private/kubernetes/constants';
import { entriesOf } from './private/kubernetes/json';
import { foreignSecrets } from './private/props/components';
import { givenProps } from './private/settings/known-props';
import { settingsFor } from './private/tree/surroundings';
import { keptProblems, nameProblems, register, speakAtSynthesis } from './private/tree/synthesis';
import type { ITriggerAuthentication, TriggerAuthenticationProps } from './trigger-authentication-props';

/**
 * A KEDA `TriggerAuthentication` that takes the credentials of triggers from Secrets.
 *
 * Rejects, in one error: names that are not DNS-1123 names, keys that a Secret cannot have, and an empty `secrets`.
 *
 * @see https://keda.sh/docs/latest/concepts/authentication/
 *
 * @example
 * new TriggerAuthentication(chart, 'login', { secrets: { password: { secret, key: 'password' } } });
 */
export class TriggerAuthentication extends Construct implements ITriggerAuthentication {
  /**
   * A `TriggerAuthentication` that is defined elsewhere, in the namespace of the functions that use it. Emits nothing.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param name name of the `TriggerAuthentication` object
   */
  public static fromName(scope: Construct, id: string, name: string): ITriggerAuthentication {
    return new ExistingAuthentication(scope, id, name, 'TriggerAuthentication');
  }

  /**
   * A `ClusterTriggerAuthentication`, which functions of all namespaces can use. Emits nothing.
   *
   * @param scope parent construct
   * @param id id of the construct
   * @param name name of the `ClusterTriggerAuthentication` object
   */
  public static fromClusterName(scope: Construct, id: string, name: string): ITriggerAuthentication {
    return new ExistingAuthentication(scope, id, name, 'ClusterTriggerAuthentication');
  }

  /** Kind of the object: `TriggerAuthentication`. */
  public readonly kind: string = 'TriggerAuthentication';
  /** Namespace of the `TriggerAuthentication` object. */
  public readonly namespace?: string;
  /** The `TriggerAuthentication` object. */
  public readonly apiObject: ApiObject;

  /**
   * @param scope parent construct
   * @param id id of the construct, and the name of the object unless `name` is given
   * @param props parameters of the scaler, and the Secrets that they come from
   */
  public constructor(scope: Construct, id: string, props: TriggerAuthenticationProps) {
    super(scope, id);
    const { name = id } = givenProps(props);
    const isWrong = keptProblems(this, checkTriggerAuthentication(name, givenProps(props)));
    const { namespace = Chart.of(this).namespace ?? 'default', secrets } = isWrong ? { secrets: {} } : props;
    this.namespace = namespace;
    const secretTargetRef = entriesOf<SecretKey>(secrets).map(([parameter, { secret, key }]) => (
      { parameter, name: secret.name, key }));
    this.apiObject = new ApiObject(this, 'Resource', {
      apiVersion: 'keda.sh/v1alpha1',
      kind: this.kind,
      metadata: { name, namespace, labels: { [MANAGED_LABEL]: 'true' } },
      spec: { secretTargetRef },
    });
    const foreign = foreignSecrets(secrets, 'TriggerAuthentication', namespace);
    speakAtSynthesis(this, () => [
      { problems: nameProblems(register(this).conflicts(this), ['name']), strict: false },
      { problems: foreign, strict: settingsFor(this).strict === true },
    ]);
    register(this).claim(this, [`${this.kind} ${namespace}/${name}`]);
  }

  /** Name of the `TriggerAuthentication` object, as `apiObject.name`. */
  public get name(): string {
    return this.apiObject.name;
  }

  /** Metadata of the `TriggerAuthentication` object, to which labels and annotations can be added. */
  public get metadata(): ApiObjectMetadataDefinition {
    return this.apiObject.metadata;
  }
}

class ExistingAuthentication extends Construct implements ITriggerAuthentication {
  public constructor(scope: Construct, id: string, public readonly name: string, public readonly kind: string) {
    super(scope, id);
    keptProblems(this, checkTriggerAuthentication(name));
  }
}
