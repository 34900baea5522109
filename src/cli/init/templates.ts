/** The files of a new folder: for the command alone, and with a cdk8s program. */
import { functionSchema, platformSchema } from '../schema';

export type Files = Readonly<Record<string, string>>;

export interface Versions {
  readonly own: string;
  /** Of what the package needs beside it, by name. */
  readonly peers: Readonly<Record<string, string>>;
}

const text = (...lines: string[]) => `${lines.join('\n')}\n`;
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const WORKFLOW_START = [
  'name: functions',
  'on: [push, pull_request]',
  'permissions:',
  '  contents: read',
  'jobs:',
  '  check:',
  '    runs-on: ubuntu-latest',
  '    steps:',
  '      - uses: actions/checkout@v4',
  '      - uses: actions/setup-node@v4',
  '        with:',
  '          node-version: 22',
];

/** Manifests, and nothing that runs: the command makes objects of them. */
export function folderFiles({ own }: Versions): Files {
  const command = `npx --yes --package cdk8s-openfunction@${own} cdk8s-openfunction`;
  const given = 'functions/ --platform platform.yaml';
  return {
    'functions/hello.yaml': text(
      '# yaml-language-server: $schema=../schemas/function.schema.json',
      'apiVersion: core.openfunction.io/v1beta2',
      'kind: Function',
      'metadata:',
      '  name: hello',
      '  namespace: default',
      'spec:',
      '  image: acme/hello:1.0.0',
      '  serving:',
      '    triggers:',
      '      http:',
      '        port: 8080',
    ),
    'platform.yaml': text(
      '# yaml-language-server: $schema=schemas/platform.schema.json',
      '# What the cluster has, for all functions; "cdk8s-openfunction explain platform" lists the settings.',
      'clusterDomain: cluster.local',
    ),
    'schemas/function.schema.json': json(functionSchema('v1beta2')),
    'schemas/platform.schema.json': json(platformSchema()),
    '.github/workflows/functions.yml': text(
      ...WORKFLOW_START,
      `      - run: ${command} validate ${given} --format github`,
      `      - run: ${command} render ${given} -o manifests --check`,
    ),
  };
}

/** Without the first, files that Git does not track yet would not show. */
const NOTHING_NEW = 'git add --intent-to-add manifests && git diff --exit-code manifests';

export function programFiles({ own, peers }: Versions): Files {
  return {
    'main.ts': text(
      'import { App, Chart } from \'cdk8s\';',
      'import { OpenFunctionApp, PlatformSettings } from \'cdk8s-openfunction\';',
      '',
      'const app = new App();',
      'PlatformSettings.of(app).set({ clusterDomain: \'cluster.local\' });',
      '',
      'const chart = new Chart(app, \'functions\', { namespace: \'default\' });',
      'new OpenFunctionApp(chart, \'hello\', { image: \'acme/hello:1.0.0\', port: 8080 });',
      '',
      'app.synth();',
    ),
    'cdk8s.yaml': text('language: typescript', 'app: tsx main.ts', 'output: manifests'),
    'package.json': json({
      private: true,
      scripts: { synth: 'cdk8s synth', check: `tsc --noEmit && cdk8s synth && ${NOTHING_NEW}` },
      dependencies: { ...peers, 'cdk8s-openfunction': own },
      devDependencies: { '@types/node': '^22', 'cdk8s-cli': '^2', 'tsx': '^4', 'typescript': '^5' },
    }),
    'tsconfig.json': json({
      compilerOptions: { target: 'ES2022', module: 'CommonJS', strict: true, skipLibCheck: true },
      include: ['*.ts'],
    }),
    '.gitignore': text('node_modules/'),
    '.github/workflows/functions.yml': text(
      ...WORKFLOW_START,
      '      - run: npm install',
      '      - run: npm run check',
    ),
  };
}
