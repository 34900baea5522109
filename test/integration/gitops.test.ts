/** The command inside kustomize, Helm, a container and zsh: the real ones, built from their Go modules, by buildah, or of Debian. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageStore } from './support/image';
import { readYaml } from '../../src/private/yaml/read-yaml';
import { InstalledCommand, installCommand } from '../support/installed-command';
import { ensurePackages, goBinary, repositoryRoot, run as runCommand } from '../testbed';

const FUNCTION = `apiVersion: core.openfunction.io/v1beta2
kind: Function
metadata:
  name: orders
spec:
  image: acme/orders:TAG
  serving:
    outputs:
      - dapr: {name: events, topic: placed, type: pubsub.kafka}
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: links\n';
const OBJECTS = [
  expect.stringMatching(/^ConfigMap dapr-proxy-[0-9a-f]+$/) as string, 'ConfigMap links',
  'Deployment orders-dapr-proxy', 'NetworkPolicy orders-dapr-proxy', 'Service orders',
];

let installed: InstalledCommand;
let root: string;
const file = (name: string, content: string) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), content);
};
interface Emitted { kind: string; metadata: { name: string; annotations?: Record<string, string> }; spec?: unknown }
const objectsIn = (yaml: string) => readYaml(yaml, 'out').map(({ value }) => value as Emitted);
const namesIn = (yaml: string) => objectsIn(yaml).map(({ kind, metadata: { name } }) => `${kind} ${name}`).sort();
const failureOf = (promise: Promise<string>) => promise.then(() => '', (error: Error) => error.message);

beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gitops-'));
  file('cdk8s-openfunction', `#!/bin/sh\nexec ${process.execPath} ${installed.main} "$@"\n`);
  chmodSync(join(root, 'cdk8s-openfunction'), 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('kustomize', () => {
  const build = async () => {
    const kustomize = await goBinary('kustomize', { package: 'sigs.k8s.io/kustomize/kustomize/v5', title: 'kustomize (about 30 s cold)' });
    return runCommand(kustomize, ['build', '--enable-alpha-plugins', '--enable-exec', '.'], { cwd: root });
  };
  beforeEach(() => {
    file('kustomization.yaml', 'namespace: shop\nresources: [functions.yaml]\ntransformers: [openfunction.yaml]\nimages: [{name: acme/orders, newTag: "3"}]\n');
    file('functions.yaml', `${FUNCTION.replace('TAG', '1')}---\n${CONFIG_MAP}`);
    file('openfunction.yaml', [
      'apiVersion: openfunction.io/v1', 'kind: Render', 'metadata:', '  name: openfunction', '  annotations:', '    config.kubernetes.io/function: |',
      '      exec:', '        path: ./cdk8s-openfunction', '        args: [krm]', 'spec:', '  namespace: shop', '',
    ].join('\n'));
  });

  it('runs it as an exec function, and goes on with the objects', async () => {
    const yaml = await build();
    expect(namesIn(yaml)).toEqual(OBJECTS);
    // The shared bundle has annotations of its own.
    const annotated = objectsIn(yaml).filter(({ metadata }) => metadata.annotations !== undefined);
    expect(annotated.map(({ kind, metadata: { annotations } }) => [kind, annotations])).toEqual([
      ['ConfigMap', { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }],
    ]);
  });

  it('shows its problems and fails', async () => {
    file('functions.yaml', FUNCTION.replace('TAG', '1').replace('image', 'imge'));
    const message = await failureOf(build());
    expect(message).toContain('Function shop/orders: imge: unknown field; did you mean "image"?\n');
    expect(message).toContain('2 problems in 1 of 1 function; nothing was changed\n');
  });
});

describe('Helm', () => {
  const template = async (...more: string[]) => {
    const helm = await goBinary('helm', { package: 'helm.sh/helm/v3/cmd/helm', title: 'helm (about 7 min cold)' });
    const renderer = ['render', '-', '-n', 'shop'].flatMap((arg) => ['--post-renderer-args', arg]);
    const args = ['template', 'shop', 'chart', '-n', 'shop', '--post-renderer', join(root, 'cdk8s-openfunction'), ...renderer, ...more];
    return runCommand(helm, args, { cwd: root, env: { HOME: root } });
  };
  beforeEach(() => {
    file('chart/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    file('chart/values.yaml', 'tag: "1"\n');
    file('chart/templates/functions.yaml', `${FUNCTION.replace('TAG', '{{ .Values.tag }}')}---\n${CONFIG_MAP}`);
  });

  it('runs it as a post-renderer, after its own values', async () => {
    const yaml = await template('--set', 'tag=2');
    expect(namesIn(yaml)).toEqual(OBJECTS);
    expect(yaml).toContain('image: acme/orders:2\n');
  });

  it('shows its problems and fails', async () => {
    expect(await failureOf(template('--set', 'tag=a b'))).toContain('image: "acme/orders:a b" is not a valid image reference: ');
  });
});

describe('the container image', () => {
  const [BASE, IMAGE] = ['localhost/node-base:test', 'localhost/cdk8s-openfunction:test'];
  const store = new ImageStore();
  beforeAll(async () => {
    await ensurePackages({ buildah: 'buildah' });
    await runCommand(process.execPath, ['proxy/bundle.mjs'], { cwd: repositoryRoot });
    await runCommand(process.execPath, ['image/bundle.mjs'], { cwd: repositoryRoot });
    await store.nodeBase(BASE);
    await store.build(join(repositoryRoot, 'image'), IMAGE, { BASE_IMAGE: BASE, VERSION: '1.2.3' });
  });
  afterAll(() => store.remove());

  it('is not root and carries the OCI labels', async () => {
    const { User, Labels } = await store.config(IMAGE);
    expect(Number(User.split(':')[0])).toBeGreaterThan(0);
    expect(Labels).toMatchObject({ 'org.opencontainers.image.version': '1.2.3', 'org.opencontainers.image.title': 'cdk8s-openfunction' });
  });

  it('renders what an installed command renders', async () => {
    const { command, args } = await store.command(IMAGE, {});
    const input = `${FUNCTION.replace('TAG', '1')}---\n${CONFIG_MAP}`;
    const withoutHelp = args.slice(0, args.indexOf('--help'));
    const inside = await runCommand(command, [...withoutHelp, 'render', '-', '-n', 'shop'], { stdin: input });
    expect(inside).toBe(await runCommand(join(root, 'cdk8s-openfunction'), ['render', '-', '-n', 'shop'], { stdin: input }));
    expect(namesIn(inside)).toEqual(OBJECTS);
  });
});

describe('zsh', () => {
  beforeAll(() => ensurePackages({ zsh: 'zsh' }));

  it.each([
    ['a command', ['render'], ['-f', '--file', '-n', '--namespace', '--exclude', '--platform', '--proxy-image', '--target', '--strict', '-o', '--output', '--prune', '--check', '--help']],
    ['an option', ['validate', '--format'], ['text', 'json', 'sarif', 'github', 'junit']],
  ])('is offered what may follow %s', async (_, before, follows) => {
    file('completion.zsh', await runCommand(join(root, 'cdk8s-openfunction'), ['completion', 'zsh']));
    const words = ['cdk8s-openfunction', ...before, ''];
    const call = `setopt ksharrays; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _cdk8s_openfunction; print -l -- "\${COMPREPLY[@]}"`;
    const out = await runCommand('zsh', ['-f', '-c', `source completion.zsh; ${call}`], { cwd: root, env: { HOME: root } });
    expect(out.trimEnd().split('\n')).toEqual(follows);
  });
});
