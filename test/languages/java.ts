// Java: a Maven repository of our package, and a user's project that takes it from there.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, repositoryRoot, step } from '../testbed';
import { command, emptyFolder, Language, PACKAGE_VERSION, pacmak, PEER_VERSIONS, Program } from './language';
import { pageProgram } from './page-program';

const CLASSES: Record<Program, string> = { hello: 'Hello', bakery: 'Bakery', facts: 'Facts' };

export async function prepareJava(): Promise<Language> {
  const repository = cacheFolder('languages', 'm2');
  // Maven never looks again for a version that it has.
  rmSync(join(repository, 'io', 'github', 'cdk8s-openfunction'), { recursive: true, force: true });
  // cdk8s-plus is generated too, since Maven Central does not have every release of it.
  const packages = await step('Java: building the jar (about 1 min cold)', () => pacmak(
    'java', ['cdk8s-plus-28'], '--mvn-define=maven.javadoc.skip=true', '--maven-local-repository', repository,
  ));
  const project = emptyFolder('java');
  const sources = join(project, 'src', 'main', 'java');
  mkdirSync(sources, { recursive: true });
  copyFileSync(join(__dirname, 'java', 'pom.xml'), join(project, 'pom.xml'));
  copyFileSync(pageProgram('java', 'java', 'Hello.java'), join(sources, 'Hello.java'));
  copyFileSync(join(repositoryRoot, 'examples', 'languages', 'Bakery.java'), join(sources, 'Bakery.java'));
  copyFileSync(join(repositoryRoot, 'examples', 'languages', 'BakeryTest.java'), join(sources, 'BakeryTest.java'));
  for (const name of ['Facts.java', 'Interop.java']) copyFileSync(join(__dirname, 'programs', name), join(sources, name));
  const classpath = join(project, 'classpath');
  const versions = Object.entries({ ...PEER_VERSIONS, package: PACKAGE_VERSION }).map(([name, version]) => `-D${name}.version=${version}`);
  await step('Java: compiling the programs', () => command('mvn', [
    '--batch-mode', '--quiet', '-Dstyle.color=never', `-Dmaven.repo.local=${repository}`, `-Dbuilt=${packages}`, ...versions,
    'compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpath}`,
  ], project));
  const path = `${join(project, 'target', 'classes')}:${readFileSync(classpath, 'utf8').trim()}`;
  const java = (name: string) => ['java', '-cp', path, name];
  return { command: (program) => java(CLASSES[program]), tests: () => java('BakeryTest'), interop: { versions: ['28'], command: () => java('Interop') } };
}
