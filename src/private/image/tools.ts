/** Container tools that build and push the proxy's image, whichever of them the machine has. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import * as path from 'node:path';

export const TOOLS = ['docker', 'podman', 'buildah'] as const;
export type Tool = (typeof TOOLS)[number];

export interface BuildOptions {
  readonly tool: Tool;
  /** Folder with Dockerfile and bundle. */
  readonly context: string;
  readonly image: string;
  readonly version: string;
  /** Such as `linux/amd64`; several make a manifest list. */
  readonly platforms: readonly string[];
  readonly base?: string;
}

export interface Command {
  readonly tool: Tool;
  readonly args: readonly string[];
}

/** The first tool on the search path. */
export function findTool(searchPath: string | undefined): Tool | undefined {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return TOOLS.find((tool) => folders.some((folder) => isExecutable(path.join(folder, tool))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** One image for the machine's own platform, or a manifest list of the same name for the given ones. */
export function buildCommands({ tool, context, image, version, platforms, base }: BuildOptions): Command[] {
  const common = [
    ...(base === undefined ? [] : ['--build-arg', `BASE_IMAGE=${base}`]),
    '--build-arg', `VERSION=${version}`,
    ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
  ];
  const end = ['--file', path.join(context, 'Dockerfile'), context];
  if (tool === 'docker') {
    // Docker's own store holds no manifest lists, so buildx keeps them until they are pushed.
    const build = platforms.length > 1 ? ['buildx', 'build'] : ['build'];
    return [{ tool, args: [...build, ...common, '--tag', image, ...end] }];
  }
  const name = platforms.length > 1 ? ['--manifest', image] : ['--tag', image];
  return [{ tool, args: ['build', ...common, ...name, ...end] }];
}

export function pushCommands(options: BuildOptions): Command[] {
  const { tool, image, platforms } = options;
  if (platforms.length < 2) return [{ tool, args: ['push', image] }];
  if (tool === 'docker') return buildCommands(options).map(({ args }) => ({ tool, args: [...args, '--push'] }));
  return [{ tool, args: ['manifest', 'push', '--all', image, `docker://${image}`] }];
}

/** Runs a tool with its output on ours; its exit code, or why it could not start. */
export function run({ tool, args }: Command): { readonly code: number; readonly failure?: string } {
  // Standard output stays free for what a caller may want to use: the image's name.
  const { status, error } = spawnSync(tool, args, { stdio: ['inherit', 2, 2], env: process.env });
  return error === undefined ? { code: status ?? 1 } : { code: 1, failure: error.message };
}
