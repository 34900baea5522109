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
  pagesUpload: 'actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b', // v4.0.0
  pagesDeploy: 'actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e', // v4.0.5
  pypi: 'pypa/gh-action-pypi-publish@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e', // v1.13.0
};
/** What builds the image, and what lists its contents; both see it before it is signed. */
const BUILDKIT = 'moby/buildkit:v0.29.0@sha256:0039c1d47e8748b5afea56f4e85f14febaf34452bd99d9552d2daa82262b5cc5';
const SBOM_SCANNER = 'docker/buildkit-syft-scanner:1.11.0@sha256:79e7b013cbec16bbb436f312819a49a4a57752b2270c1a9332ae1a10fcc82a68';
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
  // No permission that a job does not ask for; `bash` named so stops at a failure within a pipe, too.
  new YamlFile(project, `.github/workflows/${file}`, { obj: { ...obj, permissions: {}, defaults: { run: { shell: 'bash' } } } });
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
/** One digest of all that `build` has packed, so that what is published is what was packed. Hidden files are not uploaded. */
const DIGEST_OF_DIST = "cd dist && find . -type f -not -path '*/.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1";
const download: Step[] = [
  { uses: ACTIONS.download, with: { name: 'release', path: 'dist' } },
  run('What was packed is what arrived', `test "$(${DIGEST_OF_DIST})" = "$PACKED"`, { PACKED: '${{ needs.build.outputs.packed }}' }),
];

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
  checkout(), setupNode(), ...download,
  run('Install publib as it is locked', 'npm ci --ignore-scripts --no-audit --no-fund --prefix release/publib'),
  run('Publish', `release/publib/node_modules/.bin/${command}`, { ...env, PUBLIB_DRYRUN: DRY }),
];

const ATTESTED = ['dist/js/*.tgz', 'dist/python/*', 'dist/java/**/*.jar', 'dist/go/**/*.tgz', 'dist/sbom.cdx.json'];
const BASE_IMAGE = 'gcr.io/distroless/nodejs24-debian12';
const IMAGE = 'ghcr.io/${{ github.repository_owner }}/dapr-proxy';

const jobs: Record<string, Job> = {
  tested: {
    'if': "github.ref == 'refs/heads/main'",
    'runs-on': RUNNER,
    'timeout-minutes': 5,
    'permissions': { actions: 'read' },
    'steps': [run('The workflow build has passed on this commit', [
      'passed=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow build.yml --commit "$GITHUB_SHA" --status success --json databaseId --jq length)',
      'echo "$passed runs of build passed on $GITHUB_SHA"',
      'if [ "$DRY_RUN" != true ]; then test "$passed" -gt 0; fi',
    ], { DRY_RUN: DRY, GH_TOKEN: '${{ github.token }}' })],
  },
  build: {
    'needs': 'tested',
    'runs-on': RUNNER,
    'timeout-minutes': 60,
    'permissions': { contents: 'read' },
    'outputs': { exists: '${{ steps.tag.outputs.exists }}', packed: '${{ steps.packed.outputs.packed }}' },
    'steps': [
      checkout({ 'fetch-depth': 0 }), setupNode(),
      run('Install', 'npm ci --ignore-scripts --no-audit --no-fund'),
      run('Version, changelog, packages and SBOM', 'npx projen release:build'),
      {
        id: 'tag',
        ...run('Whether the version is new', [
          'tag=$(cat dist/releasetag.txt)',
          'if git rev-parse --quiet --verify "refs/tags/$tag"; then exists=true; else exists=false; fi',
          'echo "exists=$exists" >> "$GITHUB_OUTPUT"',
        ]),
      },
      { id: 'packed', ...run('Digest of all that is packed', `echo "packed=$(${DIGEST_OF_DIST})" >> "$GITHUB_OUTPUT"`) },
      { uses: ACTIONS.upload, with: { 'name': 'release', 'path': 'dist', 'if-no-files-found': 'error' } },
      run('The site', [
        'npm ci --ignore-scripts --no-audit --no-fund --prefix site',
        'SITE_BASE="/${GITHUB_REPOSITORY#*/}/" npm run build --prefix site',
      ]),
      { uses: ACTIONS.pagesUpload, with: { path: 'site/.vitepress/dist' } },
    ],
  },
  npm: publisher('npm', { 'contents': 'read', 'id-token': 'write' }, [
    setupNode(NODE_WITH_NPM_11), ...download,
    run('Publish with provenance', [
      'dry=()',
      'if [ "$DRY_RUN" = true ]; then dry=(--dry-run); fi',
      'npm publish dist/js/*.tgz --provenance --access public --ignore-scripts "${dry[@]}"',
    ], { DRY_RUN: DRY }),
  ]),
  pypi: publisher('PyPI', { 'contents': 'read', 'id-token': 'write' }, [
    ...download,
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
      ...download, { uses: ACTIONS.cosign },
      run('Log in', 'docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin <<< "$TOKEN"', { TOKEN: '${{ secrets.GITHUB_TOKEN }}' }),
      {
        id: 'base',
        ...run('The base image is signed by those who make it', [
          'digest=$(cosign verify "$BASE:nonroot" --output json --certificate-oidc-issuer https://accounts.google.com \\',
          '  --certificate-identity keyless@distroless.iam.gserviceaccount.com | jq -re \'.[0].critical.image."docker-manifest-digest"\')',
          'echo "image=$BASE:nonroot@$digest" >> "$GITHUB_OUTPUT"',
        ], { BASE: BASE_IMAGE }),
      },
      {
        id: 'build',
        ...run('Build for both architectures', [
          'tar -xzf dist/js/*.tgz package/proxy',
          'tag=$(cat dist/proxy-tag.txt)',
          'output=type=image,push=true',
          'if [ "$DRY_RUN" = true ]; then output=type=cacheonly; fi',
          'docker buildx create --use --driver-opt "image=$BUILDKIT"',
          // The image has nothing to run while it is built, so that neither needs an emulator.
          'docker buildx build --platform linux/amd64,linux/arm64 --build-arg "VERSION=$tag" --build-arg "BASE_IMAGE=$BASE" --tag "$IMAGE:$tag" \\',
          '  --provenance=mode=max --sbom="generator=$SBOM_SCANNER" --metadata-file metadata.json --output "$output" package/proxy',
          'echo "digest=$(jq -r \'."containerimage.digest" // ""\' metadata.json)" >> "$GITHUB_OUTPUT"',
        ], { DRY_RUN: DRY, IMAGE, BUILDKIT, SBOM_SCANNER, BASE: '${{ steps.base.outputs.image }}' }),
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
      ...download,
      { uses: ACTIONS.attest, if: '${{ !inputs.dry_run }}', with: { 'subject-path': ATTESTED.join('\n') } },
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
  site: {
    'name': 'Site of the released version',
    'needs': 'github',
    'if': '${{ !inputs.dry_run }}',
    'runs-on': RUNNER,
    'timeout-minutes': 10,
    'environment': 'github-pages',
    'permissions': { 'pages': 'write', 'id-token': 'write' },
    'steps': [{ uses: ACTIONS.pagesDeploy }],
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
        { ...ecosystem('npm', { directories: ['/', '/release/publib', '/site', '/test/integration/sdk/javascript'] }), 'versioning-strategy': 'lockfile-only' },
        ecosystem('github-actions', { directory: '/' }),
        ecosystem('gomod', { directories: ['/test/testbed/go/*', '/test/conformance/judges/*', '/test/integration/**', '/bench/proxy/caller'] }),
        ecosystem('pip', { directories: ['/test/integration/sdk/python', '/test/integration/sdk/python-framework'] }),
        ecosystem('maven', { directory: '/test/integration/sdk/java' }),
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
