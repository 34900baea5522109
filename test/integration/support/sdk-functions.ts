/** Functions written with Dapr's own SDKs and with a framework, from `../sdk`: made once, and kept until their sources change. */
import { join } from 'node:path';
import { builtFolder, cacheFolder, goBinary, repositoryRoot } from '../../testbed';

const sources = (name: string) => join(repositoryRoot, 'test', 'integration', 'sdk', name);
const title = (name: string) => `a function of ${name} (about 40 s cold)`;
const repository = () => cacheFolder('built', 'm2');

const MAVEN = 'mvn --batch-mode --quiet -Dstyle.color=never "-Dmaven.repo.local=$REPOSITORY" package '
  + 'dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target';

async function python(folder: string, name: string): Promise<{ file: string; program: (name: string) => string }> {
  const script = 'python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt';
  const built = await builtFolder(`sdk-${folder}`, { sources: sources(folder), script, title: title(name) });
  return { file: join(built, 'function.py'), program: (each) => join(built, 'venv', 'bin', each) };
}

/** The command that runs the function. */
export const SDK_FUNCTIONS = {
  'Dapr\'s SDK for Go': async (name: string) => [await goBinary('sdk-go', { folder: sources('go'), title: title(name) })],
  'Dapr\'s SDK for JavaScript': async (name: string) => {
    const script = 'npm ci --no-audit --no-fund --ignore-scripts --silent';
    const folder = await builtFolder('sdk-javascript', { sources: sources('javascript'), script, title: title(name) });
    return [process.execPath, join(folder, 'function.js')];
  },
  'Dapr\'s SDK for Python': async (name: string) => {
    const { program, file } = await python('python', name);
    return [program('python'), file];
  },
  'Dapr\'s SDK for Java': async (name: string) => {
    const script = MAVEN.replace('$REPOSITORY', repository());
    const folder = await builtFolder('sdk-java', { sources: sources('java'), script, title: title(name) });
    return ['java', '-cp', join(folder, 'target', '*'), 'Function'];
  },
  'OpenFunction\'s framework for Python': async (name: string) => {
    const { program, file } = await python('python-framework', name);
    return [program('functions-framework'), '--target', 'answer', '--source', file];
  },
};

export type Sdk = keyof typeof SDK_FUNCTIONS;

export function sdkFunction(name: Sdk): Promise<string[]> {
  return SDK_FUNCTIONS[name](name);
}
