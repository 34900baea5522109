// Every field of k8s.PodSpec in cdk8s-plus is one of Kubernetes here, under its own name or the one that jsii gives it.
import { readFileSync } from 'node:fs';
import * as ts from 'typescript';
import { VERSIONS } from './versions';
import { HttpEngine } from '../../src';
import { jsiiName } from '../../src/private/kubernetes/pod-schema';
import schema from '../../src/private/kubernetes/pod-schema.json';
import { podTemplate, problemsOf, synthProps } from '../support/synth';

type Fields = ReadonlyMap<string, string>;
const STRUCTURES = new Map(Object.entries<Record<string, string>>(schema));

/** Interfaces of cdk8s-plus by name, with their fields and types. */
function interfacesOf(version: string): ReadonlyMap<string, Fields> {
  const file = require.resolve(`cdk8s-plus-${version}/lib/imports/k8s.d.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return new Map(source.statements.filter(ts.isInterfaceDeclaration).map(({ name, members }) => [
    name.text,
    new Map(members.filter(ts.isPropertySignature).map((member): [string, string] => (
      [member.name.getText(source), (member.type?.getText(source) ?? '').replace(/\[\]| \| undefined/g, '')]
    ))),
  ]));
}

/** Fields below PodSpec that are none here, by structure. */
function unknownFields(version: string): string[] {
  const interfaces = interfacesOf(version);
  const seen = new Set<string>();
  const unknown: string[] = [];
  const visit = (type: string, structure: string): void => {
    if (seen.has(structure)) return;
    seen.add(structure);
    const known = STRUCTURES.get(structure) ?? {};
    for (const [field, fieldType] of interfaces.get(type)!) {
      const name = Object.keys(known).find((candidate) => candidate === field || jsiiName(candidate) === field);
      if (name === undefined) unknown.push(`${structure}.${field}`);
      else if (interfaces.has(fieldType)) visit(fieldType, known[name].replace('[]', ''));
    }
  };
  visit('PodSpec', 'PodSpec');
  expect(seen.size).toBeGreaterThan(90);
  return unknown.sort();
}

// Removed from Kubernetes since.
test.each<[typeof VERSIONS[number], string[]]>([
  ['28', ['PodResourceClaim.source', 'VolumeResourceRequirements.claims']],
  ['33', []],
  ['34', []],
])('of version %s, all but these', (version, unknown) => {
  expect(unknownFields(version)).toEqual(unknown);
});

describe('names that jsii gives to fields', () => {
  test('become those of Kubernetes, at any depth', () => {
    const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }];
    const volumes = [{ name: 'about', projected: { sources: [{ downwardApi: { items } }] } }, { name: 'disk', azureDisk: { diskName: 'd', diskUri: 'u' } }];
    const pod = { setHostnameAsFqdn: true, hostIpc: true, containers: [], volumes };
    const { spec } = podTemplate(synthProps({ image: 'i', http: { engine: HttpEngine.KEDA }, pod }).objects, 'fn');
    expect([spec.setHostnameAsFQDN, spec.hostIPC, spec.volumes]).toEqual([
      true, true, [{ name: 'about', projected: { sources: [{ downwardAPI: { items } }] } }, { name: 'disk', azureDisk: { diskName: 'd', diskURI: 'u' } }],
    ]);
  });

  test('are unknown beside the name of Kubernetes, and so is any other spelling', () => {
    expect(problemsOf(() => synthProps({ image: 'i', http: { engine: HttpEngine.KEDA }, pod: { hostIpc: true, hostIPC: true, hostpid: true } }))).toEqual([
      'pod.hostIpc: unknown field; did you mean "hostIPC"?',
      'pod.hostpid: unknown field; did you mean "hostPID"?',
    ]);
  });
});
