/** `cdk8s-openfunction proxy-image`: builds the proxy's image from the source that this package bundles. */
import { cpSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { Option } from 'commander';
import { AddCommand, examples, EXIT, UsageError } from './command';
import { imageTag, PROXY_FOLDER } from '../private/image/bundle';
import { buildCommands, BuildOptions, findTool, pushCommands, run, Tool, TOOLS } from '../private/image/tools';
import { checkImageReference } from '../private/kubernetes/syntax';

/** The command's output. */
interface Host {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

interface ImageFlags {
  readonly repository?: string;
  readonly tool?: Tool;
  readonly platform?: string;
  readonly base?: string;
}

/** Exit code when no container tool is installed, or the tool fails. */
const FAILED = 1;

export const addProxyImage: AddCommand = (program, { out, err }, done) => {
  const host: Host = { out: (line) => out(`${line}\n`), error: (line) => err(`error: ${line}\n`) };
  const command = program.command('proxy-image')
    .description('build the image of the dapr-proxy from the source that this package bundles');
  const tag = command.command('tag')
    .description('print the tag, or with --repository the whole reference')
    .option('-r, --repository <repository>', 'repository without tag')
    .option('--base <image>', 'base image that the image is built with')
    .action((flags: ImageFlags) => done(printTag(host, flags)));
  examples(tag, [['proxy-image tag -r acme/dapr-proxy', 'the image that manifests name']]);
  const context = command.command('context')
    .description('print the folder with Dockerfile and bundle, or copy it')
    .option('-o, --output <folder>', 'copy to this folder')
    .action(({ output }: { output?: string }) => done(printContext(host, output)));
  examples(context, [['proxy-image context -o context', 'for a builder of your own']]);
  for (const verb of ['build', 'push'] as const) {
    const build = command.command(verb)
      .description(verb === 'build' ? 'build the image' : 'build the image and push it')
      .requiredOption('-r, --repository <repository>', 'repository without tag')
      .option('--platform <list>', 'platforms, separated by commas', '')
      .option('--base <image>', 'base image with node at /nodejs/bin/node')
      .addOption(new Option('--tool <tool>', 'container tool (default: the first one installed)').choices([...TOOLS]))
      .action((flags: ImageFlags) => done(makeImage(host, verb, flags)));
    examples(build, [[`proxy-image ${verb} -r acme/dapr-proxy`, 'tagged with the version of the bundled proxy']]);
  }
};

function printTag({ out, error }: Host, { repository, base }: ImageFlags): number {
  if (!areImages({ repository, base }, error)) return EXIT.wrongUsage;
  const tag = imageTag(base);
  out(repository === undefined ? tag : `${repository}:${tag}`);
  return 0;
}

function areImages({ repository, base }: ImageFlags, error: Host['error']): boolean {
  const problems = [
    ...(repository === undefined ? [] : checkImageReference(['--repository'], repository, 'repository')),
    ...(base === undefined ? [] : checkImageReference(['--base'], base)),
  ];
  problems.forEach(({ path: [option], message }) => error(`${option}: ${message}`));
  return problems.length === 0;
}

function printContext({ out, error }: Host, output: string | undefined): number {
  if (output === undefined) {
    // jsii sets this variable, and removes the folder with the unpacked package when the process ends.
    if (process.env.JSII_AGENT !== undefined) {
      error('this installation unpacks the folder for one run only: give a folder to copy it to with --output');
      return EXIT.wrongUsage;
    }
    out(PROXY_FOLDER);
    return 0;
  }
  imageTag(); // Fails on a missing bundle before anything is written.
  if (output === '') throw new UsageError('--output: give the path of a folder');
  try {
    mkdirSync(path.join(output, 'bundle'), { recursive: true });
    for (const file of ['Dockerfile', path.join('bundle', 'index.js')]) {
      cpSync(path.join(PROXY_FOLDER, file), path.join(output, file));
    }
  } catch (cause) {
    throw new UsageError(`${output}: cannot be written: ${(cause as Error).message}`);
  }
  out(output);
  return 0;
}

function makeImage(host: Host, verb: 'build' | 'push', flags: ImageFlags): number {
  const { repository = '', tool: asked, platform = '', base } = flags;
  if (!areImages({ repository, base }, host.error)) return EXIT.wrongUsage;
  const tool = asked ?? findTool(process.env.PATH);
  if (tool === undefined) {
    host.error(`no container tool found: install one of ${TOOLS.join(', ')}, `
      + 'or build the folder printed by "proxy-image context" by other means');
    return FAILED;
  }
  const options: BuildOptions = {
    tool,
    context: PROXY_FOLDER,
    image: `${repository}:${imageTag(base)}`,
    version: imageTag(base),
    platforms: platform.split(',').filter((name) => name !== ''),
    base,
  };
  for (const step of [...buildCommands(options), ...(verb === 'push' ? pushCommands(options) : [])]) {
    const { code, failure } = run(step);
    if (code !== 0) {
      host.error(`${[step.tool, ...step.args].join(' ')}: ${failure ?? `ended with exit code ${code}`}`);
      return FAILED;
    }
  }
  host.out(options.image);
  return 0;
}
