// What the library says of a route's rules is what the Gateway API's own definition says, asked of an API server that has it.
import { mutations, type Mutation } from './model/mutations';
import type { Template } from './model/rich-pod';
import { ADDED_RULES, PATHS, RICH_RULES } from './model/rich-route';
import { formatProblem } from '../../src/private/problem/problem';
import { intakeFromManifest } from '../../src/private/tree/intake';
import { crdSources, startApiServer, VERSIONS, type KubeObject, type RunningApiServer } from '../testbed';

let server: RunningApiServer;
beforeAll(async () => {
  // Of the release that the library's tables are read from: later ones leave fields of the experimental channel out.
  const gateway = crdSources({ ...VERSIONS, gatewayApi: VERSIONS.gatewayApiTypes }).filter(({ module }) => module === 'sigs.k8s.io/gateway-api');
  // The channel with everything that the types have.
  server = await startApiServer({ crds: gateway.map((source) => ({ ...source, folder: 'config/crd/experimental' })) });
});
afterAll(() => server.stop());

function said({ rules }: Template): string[] {
  const manifest = {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'fn' },
    spec: { image: 'example.com/function:v1', serving: { triggers: { http: { engine: 'keda', route: { rules } } } } },
  };
  return intakeFromManifest(manifest, {}).problems.filter(({ severity }) => severity === 'error').map(formatProblem);
}

async function refused({ rules }: Template): Promise<string | undefined> {
  const route: KubeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'fn', namespace: 'default' },
    spec: { parentRefs: [{ name: 'g' }], rules },
  };
  const { status, body } = await server.client.apply(route, 'conformance', true);
  return status >= 300 ? body.message : undefined;
}

test('the rules that are changed are accepted by both', async () => {
  expect(said(RICH_RULES)).toEqual([]);
  expect(await refused(RICH_RULES)).toBeUndefined();
});

test('changed rules are refused by both or by none', async () => {
  const differences: string[] = [];
  const judge = async ({ name, template }: Mutation): Promise<void> => {
    const [ours, theirs] = [said(template), await refused(template)];
    if ((ours.length > 0) !== (theirs !== undefined)) differences.push(`${name}: ${ours.join(' | ')} <> ${theirs ?? 'accepted'}`);
  };
  // Of a route without rules the library makes one.
  const todo = [...mutations(RICH_RULES, PATHS), ...ADDED_RULES].filter(({ name }) => name !== 'rules empty');
  while (todo.length > 0) await Promise.all(todo.splice(0, 8).map(judge));
  expect(differences).toEqual([]);
});
