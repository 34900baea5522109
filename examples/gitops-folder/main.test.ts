import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Folder } from './main';
import { compareWithGolden } from '../golden';
import { Manifests } from 'cdk8s-openfunction';

describe('a folder of existing manifests', () => {
  test('gives the expected objects', () => {
    const app = Testing.app();
    new Folder(app, 'gitops-folder');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('becomes one construct for each function of either API version', () => {
    const { functions } = new Folder(Testing.app(), 'chart').manifests;
    expect(functions.map(({ functionName, namespace, daprMode }) => [functionName, namespace, daprMode])).toEqual([
      ['hello', 'media', 'off'],
      ['thumbnails', 'media', 'standalone'],
    ]);
  });

  test('passes every other object through', () => {
    const { others } = new Folder(Testing.app(), 'chart').manifests;
    const [, configMap] = parseAllDocuments(readFileSync(join(__dirname, 'functions', 'thumbnails.yaml'), 'utf8'));
    expect(others).toHaveLength(1);
    expect(others[0].toJson()).toMatchObject(configMap.toJS());
  });

  test('emits no Function, on which an operator would act', () => {
    const kinds = Testing.synth(new Folder(Testing.app(), 'chart')).map(({ kind }: { kind: string }) => kind);
    expect(kinds).not.toContain('Function');
  });

  test('puts components into an earlier sync wave than workloads', () => {
    const [, thumbnails] = new Folder(Testing.app(), 'chart').manifests.functions;
    const wave = (object: ApiObject | undefined): string => object?.toJson().metadata.annotations['argocd.argoproj.io/sync-wave'];
    expect(thumbnails.components.map(wave)).toEqual(['-1', '-1']);
    expect([thumbnails.workload, thumbnails.proxy].map(wave)).toEqual(['0', '0']);
  });
});
