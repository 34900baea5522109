/**
 * The three functions of OpenFunction's page on the dapr-proxy: one shared sidecar, a sidecar per pod, no Dapr.
 *
 * All three have the same name, so each lives in a namespace of its own. The first chart reads them from their manifests,
 * the second says the same in typed props; both give the same objects.
 */
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DaprMode, OpenFunctionApp } from 'cdk8s-openfunction';

export class FromManifests extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const namespace of ['standalone', 'sidecar', 'disabled']) {
      OpenFunctionApp.fromYamlFile(this, namespace, join(__dirname, `${namespace}.yaml`), { namespace });
    }
  }
}

export class FromProps extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const common = { name: 'function-sample-serving-only', image: 'openfunctiondev/v1beta1-http:latest', version: 'v1.0.0' };
    new OpenFunctionApp(this, 'standalone', { ...common, namespace: 'standalone', dapr: DaprMode.STANDALONE });
    new OpenFunctionApp(this, 'sidecar', { ...common, namespace: 'sidecar', dapr: DaprMode.SIDECAR });
    new OpenFunctionApp(this, 'disabled', { ...common, namespace: 'disabled', dapr: DaprMode.OFF });
  }
}
