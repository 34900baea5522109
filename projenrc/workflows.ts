import { javascript, YamlFile } from 'projen';

/** By the digest of a commit: a tag can be moved to other code. Dependabot raises them, with the version in its title. */
const ACTIONS = {
  checkout: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
  setupNode: 'actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903', // v6.0.0
  upload: 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a',
  download: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
  codeqlInit: 'github/codeql-action/init@b7351df727350dca84cb9d725d57dcf5bc82ba26', // v3.37.1
  codeqlAnalyze: 'github/codeql-action/analyze@b7351df727350dca84cb9d725d57dcf5bc82ba26',
  attest: 'actions/attest-build-provenance@977bb373ede98d70efdf65b84cb5f73e068dcc2a', // v3.0.0
  cosign: 'sigstore/cosign-installer@d58896d6a1865668819e1d91763c7751a165e159', // v3.9.2
  pypi: 'pypa/gh-action-pypi-publish@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e', // v1.13.0
};
const NODE = '22';
/** npm takes part in trusted publishing from 11.5.1 on. */
const NODE_WITH_NPM_11 = '24';
const RUNNER = 'ubuntu-24.04';

type Step = Record<string, unknown>;
type Job = Record<string, unknown>;

const checkout = (more: Step = {}): Step => ({ uses: ACTIONS.checkout, with: { 'persist-credentials': false, ...more } });
const setupNode = (version = NODE): Step => ({ uses: ACTIONS.setupNode, with: { 'node-version': version, 'package-manager-cache': false } });
const run = (name: string, script: string | string[], env?: Step): Step => (
  { name, run: [script].flat().join('\n'), ...(env && { env }) });

function workflow(project: javascript.NodeProject, file: string, obj: Record<string, unknown>): void {
  // Nothing that a job does not ask for.
  new YamlFile(project, `.github/workflows/${file}`, { obj: { ...obj, permissions: {} } });
}

function build(project: javascript.NodeProject): void {
  workflow(project, 'build.yml', {
    name: 'build',
    on: { pull_request: {}, push: { branches: ['main'] }, workflow_dispatch: {} },
    concurrency: { 'group': '${{ github.workflow }}-${{ github.ref }}', 'cancel-in-progress': "${{ github.event_name == 'pull_request' }}" },
    jobs: {
      build: {
        'runs-on': RUNNER,
        'timeout-minutes': 120,
        'permissions': { contents: 'read' },
        'steps': [
          checkout({ 'fetch-depth': 0 }), setupNode(),
          run('Everything that must pass', '.ci/run'),
          run('Generated files are what .projenrc.ts says', ['npx projen', 'git diff --exit-code']),
          run('What breaks users of the last release', 'npx projen compat'),
        ],
      },
    },
  });
}

function codeql(project: javascript.NodeProject): void {
  workflow(project, 'codeql.yml', {
    name: 'codeql',
    on: { pull_request: {}, push: { branches: ['main'] }, schedule: [{ cron: '17 4 * * 1' }] },
    jobs: {
      analyze: {
        'runs-on': RUNNER,
        'permissions': { 'contents': 'read', 'security-events': 'write' },
        'strategy': { matrix: { language: ['javascript-typescript', 'actions'] } },
        'steps': [
          checkout(),
          { uses: ACTIONS.codeqlInit, with: { 'languages': '${{ matrix.language }}', 'build-mode': 'none' } },
          { uses: ACTIONS.codeqlAnalyze, with: { category: '/language:${{ matrix.language }}' } },
        ],
      },
    },
  });
}

const DRY = '${{ inputs.dry_run }}';
const IF_NEW = "needs.build.outputs.exists == 'false'";
const download: Step = { uses: ACTIONS.download, with: { name: 'release', path: 'dist' } };

/** A job that has the credentials of one registry, and runs nothing but what uploads there what `build` has packed. */
function publisher(name: string, permissions: Record<string, string>, steps: Step[]): Job {
  return {
    name,
    'needs': 'build',
    'if': IF_NEW,
    'runs-on': RUNNER,
    'timeout-minutes': 30,
    'environment': 'release',
    permissions,
    steps,
  };
}

const publib = (command: string, env: Step): Step[] => [
  checkout(), setupNode(), download,
  run('Install publib as it is locked', 'npm ci --ignore-scripts --no-audit --no-fund --prefix release/publib'),
  run('Publish', `release/publib/node_modules/.bin/${command}`, { ...env, PUBLIB_DRYRUN: DRY }),
];

const IMAGE = 'ghcr.io/${{ github.repository_owner }}/dapr-proxy';

const jobs: Record<string, Job> = {
  build: {
    'if': "github.ref == 'refs/heads/main'",
    'runs-on': RUNNER,
    'timeout-minutes': 60,
    'permissions': { contents: 'read' },
    'outputs': { exists: '${{ steps.tag.outputs.exists }}' },
    'steps': [
      checkout({ 'fetch-depth': 0 }), setupNode(),
      run('Install', 'npm ci --no-audit --no-fund'),
      run('Version, changelog, packages and SBOM', 'npx projen release:build'),
      {
        id: 'tag',
        ...run('Whether the version is new', [
          'tag=$(cat dist/releasetag.txt)',
          'if git rev-parse --quiet --verify "refs/tags/$tag"; then exists=true; else exists=false; fi',
          'echo "exists=$exists" >> "$GITHUB_OUTPUT"',
        ]),
      },
      { uses: ACTIONS.upload, with: { 'name': 'release', 'path': 'dist', 'if-no-files-found': 'error' } },
    ],
  },
  npm: publisher('npm', { 'contents': 'read', 'id-token': 'write' }, [
    setupNode(NODE_WITH_NPM_11), download,
    run('Publish with provenance', [
      'dry=()',
      'if [ "$DRY_RUN" = true ]; then dry=(--dry-run); fi',
      'npm publish dist/js/*.tgz --provenance --access public --ignore-scripts "${dry[@]}"',
    ], { DRY_RUN: DRY }),
  ]),
  pypi: publisher('PyPI', { 'contents': 'read', 'id-token': 'write' }, [
    download,
    { uses: ACTIONS.pypi, if: '${{ !inputs.dry_run }}', with: { 'packages-dir': 'dist/python', 'attestations': true } },
  ]),
  maven: publisher('Maven Central', { contents: 'read' }, publib('publib-maven', {
    MAVEN_SERVER_ID: 'central-ossrh',
    ...Object.fromEntries(['GPG_PRIVATE_KEY', 'GPG_PRIVATE_KEY_PASSPHRASE', 'USERNAME', 'PASSWORD', 'STAGING_PROFILE_ID']
      .map((name) => [`MAVEN_${name}`, `\${{ secrets.MAVEN_${name} }}`])),
  })),
  go: publisher('Go', { contents: 'read' }, publib('publib-golang', {
    GIT_USER_NAME: 'github-actions[bot]',
    GIT_USER_EMAIL: '41898282+github-actions[bot]@users.noreply.github.com',
    GITHUB_TOKEN: '${{ secrets.GO_GITHUB_TOKEN }}',
  })),
  image: {
    ...publisher('Image of the dapr-proxy', { 'contents': 'read', 'packages': 'write', 'id-token': 'write' }, [
      download, { uses: ACTIONS.cosign },
      run('Log in', 'docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin <<< "$TOKEN"', { TOKEN: '${{ secrets.GITHUB_TOKEN }}' }),
      {
        id: 'build',
        ...run('Build for both architectures', [
          'tar -xzf dist/js/*.tgz package/proxy',
          'tag=$(cat dist/proxy-tag.txt)',
          'output=type=image,push=true',
          'if [ "$DRY_RUN" = true ]; then output=type=cacheonly; fi',
          'docker buildx create --use',
          // The image has nothing to run while it is built, so that neither needs an emulator.
          'docker buildx build --platform linux/amd64,linux/arm64 --build-arg "VERSION=$tag" --tag "$IMAGE:$tag" \\',
          '  --provenance=mode=max --sbom=true --metadata-file metadata.json --output "$output" package/proxy',
          'echo "digest=$(jq -r \'."containerimage.digest" // ""\' metadata.json)" >> "$GITHUB_OUTPUT"',
        ], { DRY_RUN: DRY, IMAGE }),
      },
      { if: '${{ !inputs.dry_run }}', ...run('Sign', 'cosign sign --yes "$IMAGE@$DIGEST"', { IMAGE, DIGEST: '${{ steps.build.outputs.digest }}' }) },
    ]),
    outputs: { digest: '${{ steps.build.outputs.digest }}' },
  },
  github: {
    'name': 'GitHub release',
    'needs': ['build', 'npm', 'pypi', 'maven', 'go', 'image'],
    'runs-on': RUNNER,
    'timeout-minutes': 30,
    'environment': 'release',
    'permissions': { 'contents': 'write', 'id-token': 'write', 'attestations': 'write' },
    'steps': [
      download,
      { uses: ACTIONS.attest, if: '${{ !inputs.dry_run }}', with: { 'subject-path': 'dist/js/*.tgz\ndist/python/*\ndist/sbom.cdx.json' } },
      run('Create the release', [
        'tag=$(cat dist/releasetag.txt)',
        '{ cat dist/notes.md; printf \'\\nImage of the dapr-proxy: `%s:%s@%s`\\n\' "$IMAGE" "$(cat dist/proxy-tag.txt)" "$DIGEST"; } > notes.md',
        'cat notes.md >> "$GITHUB_STEP_SUMMARY"',
        'if [ "$DRY_RUN" = true ]; then exit; fi',
        'gh release create "$tag" --repo "$GITHUB_REPOSITORY" --target "$GITHUB_SHA" --title "$tag" --notes-file notes.md \\',
        '  dist/sbom.cdx.json dist/js/*.tgz',
      ], { DRY_RUN: DRY, IMAGE, DIGEST: '${{ needs.image.outputs.digest }}', GH_TOKEN: '${{ secrets.GITHUB_TOKEN }}' }),
    ],
  },
};

function releases(project: javascript.NodeProject): void {
  workflow(project, 'release.yml', {
    name: 'release',
    on: { workflow_dispatch: { inputs: { dry_run: { description: 'Everything but the uploads', type: 'boolean', default: true } } } },
    concurrency: { 'group': 'release', 'cancel-in-progress': false },
    jobs,
  });
}

function dependabot(project: javascript.NodeProject): void {
  const schedule = { interval: 'weekly' };
  // A version that was published by somebody else than its authors is mostly found within days.
  const cooldown = { 'default-days': 7 };
  const all = { groups: { all: { patterns: ['*'] } } };
  const ecosystem = (name: string, directory: Record<string, unknown>) => ({ 'package-ecosystem': name, schedule, cooldown, ...all, ...directory });
  new YamlFile(project, '.github/dependabot.yml', {
    obj: {
      version: 2,
      updates: [
        // .projenrc.ts writes package.json; the versions within its ranges are in the lock file.
        { ...ecosystem('npm', { directories: ['/', '/release/publib'] }), 'versioning-strategy': 'lockfile-only' },
        ecosystem('github-actions', { directory: '/' }),
        ecosystem('gomod', { directories: ['/test/testbed/go/*', '/test/conformance/judges/*', '/test/integration/**'] }),
        ecosystem('docker', { directories: ['/proxy', '/image'] }),
      ],
    },
  });
}

/** The workflows and the updates of dependencies: written here, since projen's own run builds where the credentials are. */
export function addWorkflows(project: javascript.NodeProject): void {
  build(project);
  codeql(project);
  releases(project);
  dependabot(project);
}
