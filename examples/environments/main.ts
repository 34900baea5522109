/** One function in three environments: a chart class, and a value for what differs. */
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DaprComponent, DaprMode, OpenFunctionApp, PlatformSettings } from 'cdk8s-openfunction';

export interface Environment {
  readonly name: string;
  readonly version: string;
  readonly redis: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** One replica of the proxy is enough where an outage of seconds does not matter. */
  readonly proxyReplicas: number;
}

export const ENVIRONMENTS: Environment[] = [
  { name: 'dev', version: '1.5.0-rc.2', redis: 'redis:6379', minReplicas: 0, maxReplicas: 1, proxyReplicas: 1 },
  { name: 'staging', version: '1.5.0-rc.1', redis: 'redis:6379', minReplicas: 0, maxReplicas: 4, proxyReplicas: 2 },
  { name: 'production', version: '1.4.3', redis: 'redis.storage:6379', minReplicas: 2, maxReplicas: 40, proxyReplicas: 2 },
];

export class Carts extends Chart {
  public readonly fn: OpenFunctionApp;

  public constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id, { namespace: `carts-${environment.name}` });
    PlatformSettings.of(this).set({ proxy: { replicas: environment.proxyReplicas } });
    const { version, minReplicas, maxReplicas } = environment;
    this.fn = new OpenFunctionApp(this, 'carts', {
      image: `acme/carts:${version}`,
      version,
      scaling: { minReplicas, maxReplicas },
      states: [new DaprComponent(this, 'carts-store', { componentType: 'state.redis', metadata: { redisHost: environment.redis } })],
      // A developer's cluster starts one pod: a sidecar in it costs less than a pod for the proxy.
      dapr: environment.name === 'dev' ? DaprMode.SIDECAR : DaprMode.STANDALONE,
    });
  }
}
