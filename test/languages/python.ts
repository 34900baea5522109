// Python: the wheel in a virtual environment.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, step } from '../testbed';
import { command, emptyFolder, installed, INTEROP_VERSIONS, Language, pacmak, PEER_VERSIONS, Program } from './language';
import { pageProgram } from './page-program';

export async function preparePython(): Promise<Language> {
  const packages = await step('Python: building the wheel', () => pacmak('python', []));
  const wheel = readdirSync(packages).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`no wheel among ${readdirSync(packages).join(', ')}`);
  const environment = emptyFolder('venv');
  const binary = (name: string) => join(environment, 'bin', name);
  await step('Python: installing the wheel', async () => {
    await command('python3', ['-m', 'venv', environment]);
    const versions = { ...PEER_VERSIONS, ...installed(INTEROP_VERSIONS.map((version) => `cdk8s-plus-${version}`)) };
    const peers = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
    await command(binary('pip'), ['install', '--quiet', '--disable-pip-version-check', join(packages, wheel), ...peers]);
  });
  const files: Record<Program, string> = {
    hello: pageProgram('python', 'python', 'hello.py'),
    bakery: join(repositoryRoot, 'examples', 'languages', 'main.py'),
    facts: join(__dirname, 'programs', 'facts.py'),
  };
  return {
    // Without -B it leaves a cache beside the sources.
    command: (program) => [binary('python'), '-B', files[program]],
    tests: () => ['env', `PYTHONPATH=${join(repositoryRoot, 'examples', 'languages')}`, binary('python'), '-B', '-m', 'unittest', 'test_main'],
    console: [binary('cdk8s-openfunction')],
    interop: {
      versions: INTEROP_VERSIONS,
      command: (version) => [binary('python'), '-B', join(__dirname, 'programs', 'interop.py'), version],
    },
  };
}
