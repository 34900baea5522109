/** The construct that a platform team gives to its colleagues: few choices, and the house rules built in. */
import { Construct, IConstruct } from 'constructs';
import { DaprProxyImage, FunctionInput, FunctionOutput, OpenFunctionApp, PlatformSettings, TracingProvider } from 'cdk8s-openfunction';

export enum Size { SMALL = 'small', LARGE = 'large' }

const SIZES = {
  [Size.SMALL]: { resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } }, maxReplicas: 5 },
  [Size.LARGE]: { resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '1Gi' } }, maxReplicas: 50 },
};

export interface AcmeFunctionProps {
  readonly image: string;
  readonly team: string;
  readonly size?: Size;
  readonly port?: number;
  readonly inputs?: FunctionInput[];
  readonly outputs?: FunctionOutput[];
}

export class AcmeFunction extends Construct {
  public readonly fn: OpenFunctionApp;

  public constructor(scope: Construct, id: string, props: AcmeFunctionProps) {
    super(scope, id);
    if (!props.image.startsWith('registry.acme.example/')) throw new Error(`${id}: image ${props.image} is not from registry.acme.example`);
    const { resources, maxReplicas } = SIZES[props.size ?? Size.SMALL];
    this.fn = new OpenFunctionApp(this, 'Function', {
      name: id,
      image: props.image,
      port: props.port,
      inputs: props.inputs,
      outputs: props.outputs,
      labels: { 'acme.example/team': props.team },
      pod: { containers: [{ name: 'function', resources }] },
      scaling: { maxReplicas },
    });
  }
}

/** What applies to every function below a construct, whoever makes it. */
export function applyHouseRules(scope: IConstruct): void {
  PlatformSettings.of(scope).set({
    clusterDomain: 'acme.internal',
    gateway: { name: 'public', namespace: 'gateways', domain: 'apps.acme.example' },
    proxyImage: DaprProxyImage.fromRegistry('registry.acme.example/dapr-proxy:1.0.0'),
    tracing: { provider: TracingProvider.OPENTELEMETRY, exporter: { name: 'otlp', endpoint: 'otel.observability:4317' } },
    proxy: { maxInFlightPerPod: 20 },
    strict: true,
  });
}
