import { App, Testing } from 'cdk8s';
import { FromManifests, FromProps } from './main';
import { compareWithGolden } from '../golden';
import { Manifests, OpenFunctionApp } from 'cdk8s-openfunction';

describe('the three functions of the documentation page', () => {
  test('give the expected objects', () => {
    const app = Testing.app();
    new FromManifests(app, 'documentation-page');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('give the same objects from typed props, to the byte', () => {
    const text = (make: (app: App) => unknown): string => {
      const app = Testing.app();
      make(app);
      return app.synthYaml();
    };
    expect(text((app) => new FromProps(app, 'chart'))).toBe(text((app) => new FromManifests(app, 'chart')));
  });

  test.each([
    ['standalone', 'standalone', 1],
    ['sidecar', 'sidecar', 0],
    ['disabled', 'off', 0],
  ])('%s: the Dapr mode is %s, and there are %i proxy Deployments', (namespace, mode, proxies) => {
    const chart = new FromProps(Testing.app(), 'chart');
    const fn = chart.node.findChild(namespace) as OpenFunctionApp;
    expect(fn.daprMode).toBe(mode);
    expect(fn.objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(proxies);
    expect(fn.workload.toJson().spec.template.metadata.annotations['dapr.io/enabled']).toBe(mode === 'sidecar' ? 'true' : 'false');
  });
});
