import { cdk8s, javascript, ReleasableCommits, release } from 'projen';
import { addWorkflows } from './projenrc/workflows';

/** Files without a statement that could run, which test/coverage.test.ts makes sure of: V8 would count their lines as never run. */
const TYPES_ONLY = [
  'component-options.ts', 'container-resources.ts', 'dapr-component-props.ts', 'dapr-proxy-props.ts', 'env-value.ts', 'function-hooks.ts', 'function-options.ts', 'function-props.ts',
  'function-report.ts', 'function-scaling.ts', 'http-trigger.ts', 'i-dapr-component.ts', 'platform-settings-props.ts',
  'private/decide/outline.ts', 'private/emit/manifest.ts', 'private/function/function-model.ts', 'private/function/reader.ts', 'private/props/entries.ts',
  'private/settings/proxy-image.ts', 'privileges.ts', 'probe-options.ts', 'knative-autoscaling.ts', 'resiliency.ts', 'simulated-event.ts', 'subscription.ts',
  'topology.ts', 'trigger-authentication-props.ts',
];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-openfunction',
  description: 'OpenFunction functions as cdk8s constructs: every Kubernetes object a function becomes, in Git and without an operator',
  author: 'The cdk8s-openfunction authors',
  authorAddress: 'https://github.com/cdk8s-openfunction',
  authorOrganization: true,
  homepage: 'https://cdk8s-openfunction.github.io/cdk8s-openfunction/',
  bugsUrl: 'https://github.com/cdk8s-openfunction/cdk8s-openfunction/issues',
  repositoryUrl: 'https://github.com/cdk8s-openfunction/cdk8s-openfunction.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk8s-openfunction authors',
  keywords: ['cdk8s', 'openfunction', 'knative', 'dapr', 'keda', 'faas', 'serverless'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  sampleCode: false,

  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',
  // 2.5.0 does not exist; projen pins the minimum of a peer's range as the development version.
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '22',
  // jsii compiles src alone. Editors, the linter and the type check share tsconfig.json, which covers every file there is.
  // Inline source maps would be three quarters of the JavaScript that the command line loads.
  tsconfig: { fileName: 'tsconfig.jsii.json', compilerOptions: { inlineSourceMap: false, inlineSources: false } },
  tsconfigDevFile: 'tsconfig.json',
  tsconfigDev: {
    include: ['**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules', 'lib', 'dist', 'coverage', 'site'],
    // Examples import the package by its name, as users do.
    compilerOptions: { paths: { 'cdk8s-openfunction': ['./src/index.ts'] } },
  },

  // yaml keeps positions for error messages; commander 12 is the last line that runs on Node 20.
  // ignore reads the patterns of .gitignore.
  // dagre lays out pictures; graphlib is what it is made of.
  bundledDeps: ['yaml@^2.8.0', 'commander@^12.1.0', 'ignore@^7.0.0', '@dagrejs/dagre@^3.1.3', '@dagrejs/graphlib@4.0.6'],
  devDeps: [
    '@types/node@^20',
    'cdk8s-cli@^2.200.0',
    // Values of every cdk8s-plus are accepted, not only of the peer's.
    'cdk8s-plus-33@2.5.57',
    'cdk8s-plus-34@2.0.54',
    'esbuild@^0.28.0',
    'fast-check@^4.0.0',
    'ajv@^8.0.0', // JSON Schemas of manifests and of SARIF
    'ajv-formats@^3.0.0',
    '@asyncapi/parser@^3.6.0', // the official judge of event catalogues
    '@microsoft/jest-sarif@1.0.0-beta.0', // carries the schema of SARIF
    '@cyclonedx/cyclonedx-library@^10.3.0', // carries the schema of CycloneDX
    'tsx@^4.20.0',
    'mermaid@^11.0.0', // its pictures are drawn in a browser
    '@grpc/grpc-js@^1.13.0', // test functions and the baseline of the proxy benchmark
  ],
  bin: { 'cdk8s-openfunction': 'lib/cli/main.js' },
  autoDetectBin: false,

  // Of projen's releases only the versions and the changelog: projenrc/workflows.ts says why.
  release: true,
  releaseTrigger: release.ReleaseTrigger.manual({ changelog: false }),
  // The last line that runs on Node 20.
  bumpPackage: 'commit-and-tag-version@^12',
  releasableCommits: ReleasableCommits.exec('git log --no-merges --oneline $LATEST_TAG..HEAD -E --grep "^(feat|fix)(\\(.+\\))?!?: "'),
  // Every release in it; the notes of one are its first section.
  versionrcOptions: { releaseCount: 0 },
  // Without it the first release would be 0.0.0.
  nextVersionCommand: 'git rev-parse --quiet --verify "refs/tags/$LATEST_TAG" >&2 || echo minor',
  buildWorkflow: false,
  depsUpgrade: false,
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,
  eslintOptions: {
    tsconfigPath: './tsconfig.json',
    projectService: false,
    dirs: ['src', 'test', 'examples', 'proxy/src', 'proxy/test', 'bench', 'release'],
    // The default --fix would rewrite sources during `npm test`.
    commandOptions: { fix: false, extraArgs: ['--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/eslint/'] },
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      testMatch: ['src', 'test', 'examples', 'proxy/test'].map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
      // Examples import the package by its name, as users do.
      moduleNameMapper: { '^cdk8s-openfunction$': '<rootDir>/src/index.ts' },
      // A second package of the same name.
      modulePathIgnorePatterns: ['<rootDir>/.stage/'],
      globalSetup: '<rootDir>/test/support/own-temp-folder.ts',
      globalTeardown: '<rootDir>/test/support/remove-temp-folder.ts',
      // These need daemons that take minutes to build; they have commands of their own.
      testPathIgnorePatterns: ['/node_modules/', '/test/integration/', '/test/conformance/', '/test/scaling/'],
      // By default one core is left to others, which is half of a machine with two.
      maxWorkers: '100%',
      // Coverage more than doubles the time of a run.
      collectCoverage: false,
      coverageThreshold: { lines: 95, branches: 95 },
      coverageReporters: ['lcov'],
      collectCoverageFrom: ['src/**/*.ts', ...TYPES_ONLY.map((file) => `!src/${file}`)],
    },
  },
  publishToPypi: { distName: 'cdk8s-openfunction', module: 'cdk8s_openfunction' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8sopenfunction',
    mavenGroupId: 'io.github.cdk8s-openfunction',
    mavenArtifactId: 'cdk8s-openfunction',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-openfunction/cdk8s-openfunction-go' },
  // What is packed is a list in release/stage.ts.
  npmignoreEnabled: false,
  gitignore: ['/dist/', '/.stage/', '/site/.vitepress/dist/', '/site/.vitepress/cache/', '/site/.pages/', '/proxy/bundle/', '/image/bundle/', '/.cache/', '*.cpuprofile'],
});

// Rooms of src/private, from the one that knows nothing to the one that knows all; imports go to earlier rooms only.
const ROOMS = ['problem', 'kubernetes', 'catalogue', 'yaml', 'function', 'settings', 'props', 'decide', 'emit', 'wiring', 'report', 'image', 'monitoring', 'testing', 'simulate', 'tree'];
project.eslint?.addRules({
  '@typescript-eslint/no-explicit-any': 'error',
  'import/no-restricted-paths': ['error', {
    zones: [
      ...ROOMS.map((room, index) => ({
        target: `./src/private/${room}`,
        from: ROOMS.slice(index + 1).map((later) => `./src/private/${later}/**/*`),
      })).slice(0, -1),
      // Emitting writes down what was decided: it sees neither the function nor the settings.
      { target: './src/private/emit', from: ['catalogue', 'yaml', 'function', 'settings', 'props'].map((room) => `./src/private/${room}/**/*`) },
      { target: './src', from: './proxy' },
      { target: './proxy', from: './src' },
    ],
  }],
  // Type exports of jsii structs, and the one place where a name is thrown away on purpose.
  '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
});

project.eslint?.addOverride({
  files: ['src/**', 'proxy/src/**'],
  rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true }] },
});

project.eslint?.addOverride({
  files: ['src/private/emit/**'],
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['**/decide/*'], allowTypeImports: true, message: 'Of decide/, only types.' }] }] },
});

project.addTask('test:coverage', {
  description: 'Run the unit tests of src and fail when they leave too much of it unused',
  // The tests of the proxy run nothing of src, and those of pages and of the repository nothing that others do not.
  exec: 'jest --ci --coverage --maxWorkers=2 --testPathIgnorePatterns /node_modules/ /test/integration/ /test/conformance/ /test/scaling/ /test/docs/ /test/package/ /test/repository/ /proxy/test/',
});

// Tables of cases read better with one case to a line.
project.eslint?.addOverride({
  files: ['test/**', 'proxy/test/**', 'examples/**', 'bench/**', 'release/**'],
  rules: { '@stylistic/max-len': 'off', '@stylistic/object-property-newline': 'off', '@stylistic/object-curly-newline': 'off' },
});

// Frames and compressed headers are made of bits.
project.eslint?.addOverride({ files: ['proxy/src/h2/**', 'proxy/test/h2/**'], rules: { 'no-bitwise': 'off' } });
// The nearest package.json is that of the bundle, which has no dependencies.
project.eslint?.addOverride({ files: ['proxy/test/**'], rules: { 'import/no-extraneous-dependencies': 'off' } });

// unrs-resolver 1.13.0 names platform packages that npm cannot find, which makes `npm ci` fail on the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// A lock file without registry addresses works behind any mirror.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// A dependency of the AsyncAPI parser would report its installation.
project.package.addField('scarfSettings', { enabled: false });
// npm 11 asks before it runs install scripts; these are needed and known.
project.package.addField('allowScripts', { 'esbuild': true, '@parcel/watcher': true, 'unrs-resolver': true, 'protobufjs': true });

// The proxy travels inside our package as one bundled file and its Dockerfile; its sources do not.
const bundle = project.addTask('bundle:proxy', {
  description: 'Bundle the dapr-proxy to proxy/bundle/index.js',
  exec: 'node proxy/bundle.mjs',
});
project.preCompileTask.spawn(bundle);
project.testTask.prependSpawn(bundle);

const bundleCommand = project.addTask('bundle:command', {
  description: 'Bundle the command line to image/bundle/, the context of its container image',
});
bundleCommand.spawn(bundle);
bundleCommand.exec('node image/bundle.mjs');

// Neither the bundler nor jest looks at types.
const typecheck = project.addTask('typecheck', {
  description: 'Type-check every TypeScript file of the repository',
  exec: 'tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/typecheck.tsbuildinfo',
});
project.testTask.spawn(typecheck);

// Nobody imports what is private.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './lib/jest-serializer': { types: './lib/jest-serializer.d.ts', default: './lib/jest-serializer.js' },
  './lib/cli/cdk8s-plugin.js': './lib/cli/cdk8s-plugin.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
});

project.addTask('test:package', {
  description: 'Install and use the packed package with each package manager, module system and line of Node',
  steps: [{ exec: 'node test/package/smoke.mjs' }, { exec: 'node --import tsx test/package/installers.ts' }],
});

// Every language is packed from a copy that has only what users need.
const stage = project.addTask('stage', { description: 'Copy what users get to .stage/', exec: 'node --import tsx release/stage.ts' });
for (const target of ['js', 'java', 'python', 'go']) {
  const pack = project.tasks.tryFind(`package:${target}`);
  pack?.reset();
  pack?.spawn(stage);
  pack?.exec(`jsii-pacmak --target ${target} --npmignore=false --outdir dist .stage`);
}

project.tasks.tryFind('package:js')?.exec('node --import tsx release/order.ts dist/js');

// Not by npx, which would ask the registry again.
project.tasks.tryFind('bump')?.env('BUMP_PACKAGE', '');
const releaseBuild = project.addTask('release:build', { description: 'Decide the next version, and pack everything that is published into dist/' });
releaseBuild.exec('rm -rf dist');
for (const task of ['bump', 'pre-compile', 'compile', 'package-all']) releaseBuild.spawn(project.tasks.tryFind(task)!);
releaseBuild.exec('node --import tsx release/papers.ts');
releaseBuild.spawn(project.tasks.tryFind('unbump')!);
project.addTask('release:dry-run', {
  description: 'What a release does, short of uploading; takes packages that are there',
  exec: 'node --import tsx release/dry-run.ts',
});
addWorkflows(project);

// A wheel's console script needs the run bit, and the mode survives `npm pack`.
project.compileTask.exec('chmod +x lib/cli/main.js');

for (const folder of ['bench', 'release']) project.eslint?.allowDevDeps(`**/${folder}/**`);

// Suites against real daemons: built from source on first use, cached in .cache/.
for (const suite of ['integration', 'conformance']) {
  project.addTask(`test:${suite}`, {
    description: `Run test/${suite} against the real software`,
    exec: `jest --config test/${suite}/jest.config.json --runInBand --ci`,
    receiveArgs: true,
  });
}
project.addTask('write:tables', {
  description: 'Write the tables of fields, components and scalers anew after an upgrade of the versions that they are read from',
  exec: 'node --import tsx test/conformance/model/write.ts',
});
project.addTask('test:scaling', {
  description: 'Run test/scaling against the real software, in a network namespace of its own',
  exec: 'node --import tsx test/scaling/run.ts',
  receiveArgs: true,
});
const languages = project.addTask('test:languages', {
  description: 'Build the package for Python, Java and Go, and compare what the same programs give in each of them',
});
languages.spawn(project.preCompileTask);
languages.spawn(project.compileTask);
languages.spawn(stage);
languages.exec('node --import tsx test/languages/run.ts', { receiveArgs: true });
// A plain script, since the first command of the README should print what it writes and nothing else. The check for
// upgrades of cdk8s-cli prints a stack trace without internet, and cdk8s.yaml has no key to switch it off.
project.addScripts({ 'synth:examples': 'cdk8s synth --check-upgrade=false' });
const benchSynth = project.addTask('bench:synth', { description: 'Synthesis time and memory against bare ApiObjects' });
benchSynth.spawn(project.compileTask);
benchSynth.exec('node --import tsx bench/synth.ts', { receiveArgs: true });
const benchCli = project.addTask('bench:cli', { description: 'Time and memory of the command line against helm template with the same objects' });
benchCli.spawn(project.compileTask);
benchCli.exec('node --import tsx bench/cli.ts', { receiveArgs: true });
project.addTask('bench:proxy', { description: 'Proxy throughput and latency against its baselines', exec: 'node --import tsx bench/proxy.ts', receiveArgs: true });
project.addTask('update:node', { description: 'Newest Node of its line, or of the one given, under the proxy', exec: 'node .ci/update-node.mjs', receiveArgs: true });
project.addTask('soak:proxy', { description: 'Ten minutes of load on the proxy, memory and descriptors watched', exec: 'node --import tsx test/integration/soak.ts', receiveArgs: true });
project.addTask('fuzz:yaml', {
  description: 'A million objects through the fast writer and reader of YAML and through the library, with the same result',
  exec: 'node --import tsx test/cli/fuzz.ts',
  receiveArgs: true,
});
project.addTask('soak:h2', {
  description: 'Ten million frames, honest and broken, to node:http2 and to the HTTP/2 of the proxy, with the same verdict',
  exec: 'node --import tsx proxy/test/h2/soak.ts',
  receiveArgs: true,
});

project.synth();
