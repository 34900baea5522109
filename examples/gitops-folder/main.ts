/** A folder of a GitOps repository as it is: functions of both API versions become objects, everything else passes through. */
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { OpenFunctionManifests, PlatformSettings } from 'cdk8s-openfunction';

export class Folder extends Chart {
  public readonly manifests: OpenFunctionManifests;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'media' });
    PlatformSettings.of(this).set({ syncWaves: true });
    this.manifests = new OpenFunctionManifests(this, 'functions', { paths: [join(__dirname, 'functions')] });
  }
}
