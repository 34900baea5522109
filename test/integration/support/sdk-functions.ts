/** Functions written with Dapr's own SDKs, from `../sdk`: made once, and kept until their sources change. */
import { join } from 'node:path';
import { builtFolder, cacheFolder, goBinary, repositoryRoot } from '../../testbed';

export type Sdk = 'Go' | 'JavaScript' | 'Python' | 'Java';

const sources = (name: string) => join(repositoryRoot, 'test', 'integration', 'sdk', name);
const title = (sdk: Sdk) => `a function with Dapr's SDK for ${sdk} (about 40 s cold)`;
const repository = () => cacheFolder('built', 'm2');

const MAVEN = 'mvn --batch-mode --quiet -Dstyle.color=never "-Dmaven.repo.local=$REPOSITORY" package \
  dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target';

/** The command that runs the function. */
export const SDK_FUNCTIONS: Readonly<Record<Sdk, () => Promise<string[]>>> = {
  Go: async () => [await goBinary('sdk-go', { folder: sources('go'), title: title('Go') })],
  JavaScript: async () => {
    const script = 'npm ci --no-audit --no-fund --ignore-scripts --silent';
    const folder = await builtFolder('sdk-javascript', { sources: sources('javascript'), script, title: title('JavaScript') });
    return [process.execPath, join(folder, 'function.js')];
  },
  Python: async () => {
    const script = 'python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt';
    const folder = await builtFolder('sdk-python', { sources: sources('python'), script, title: title('Python') });
    return [join(folder, 'venv', 'bin', 'python'), join(folder, 'function.py')];
  },
  Java: async () => {
    const script = MAVEN.replace('$REPOSITORY', repository());
    const folder = await builtFolder('sdk-java', { sources: sources('java'), script, title: title('Java') });
    return ['java', '-cp', join(folder, 'target', '*'), 'Function'];
  },
};
