/** Two HTTP functions behind one gateway: one served by Knative, one by a Deployment that the KEDA HTTP add-on wakes. */
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { HttpEngine, OpenFunctionApp, PlatformSettings } from 'cdk8s-openfunction';

export class PublicApi extends Chart {
  public readonly catalog: OpenFunctionApp;
  public readonly search: OpenFunctionApp;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'api' });
    PlatformSettings.of(this).set({
      gateway: { name: 'public', namespace: 'gateways', domain: 'apps.acme.example', service: { name: 'public', namespace: 'gateways' } },
      referenceGrants: true,
    });
    this.catalog = new OpenFunctionApp(this, 'catalog', {
      image: 'acme/catalog:4.0.0',
      http: { route: { hostnames: ['api.acme.example'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/catalog' } }] }] } },
      scaling: { minReplicas: 1, maxReplicas: 10, knative: { 'autoscaling.knative.dev/target': '50' } },
    });
    this.search = new OpenFunctionApp(this, 'search', {
      image: 'acme/search:4.0.0',
      port: 3000,
      http: { engine: HttpEngine.KEDA, route: { hostnames: ['api.acme.example'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/search' } }] }] } },
      scaling: { minReplicas: 0, maxReplicas: 10, targetPendingRequests: 25 },
    });
  }
}
