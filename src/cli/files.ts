/** Objects → one file each, all of them or none. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toYaml } from './yaml-text';

/** Written beside the folder and moved into it, so that a failure halfway leaves it as it was. */
export function writeFiles(folder: string, objects: readonly unknown[]): void {
  const target = resolve(folder);
  mkdirSync(dirname(target), { recursive: true });
  const staging = mkdtempSync(`${target}.tmp-`);
  try {
    const files = fileNames(objects).map((name, index) => {
      writeFileSync(join(staging, name), toYaml([objects[index]]));
      return name;
    });
    mkdirSync(target, { recursive: true });
    const obstacle = files.find((name) => statSync(join(target, name), { throwIfNoEntry: false })?.isDirectory());
    if (obstacle !== undefined) throw new Error(`${obstacle} is a folder there`);
    for (const name of files) renameSync(join(staging, name), join(target, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** `<namespace>.<name>.<kind>.<group>.yaml`: what belongs to a function stands together, and a name never depends on others. */
export function fileNames(objects: readonly unknown[]): string[] {
  const seen = new Map<string, number>();
  return objects.map((object) => {
    const base = baseName(object);
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return count === 1 ? `${base}.yaml` : `${base}.${count}.yaml`;
  });
}

function baseName(object: unknown): string {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata?: { [key: string]: unknown } };
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  const parts = [metadata?.namespace, metadata?.name ?? metadata?.generateName, kind, group];
  const name = parts.filter((part) => typeof part === 'string' && part !== '').join('.').toLowerCase();
  // The limit of file systems is 255 bytes; Kubernetes' own names may have more together.
  return name.replace(/[^a-z0-9._-]/g, '_').replace(/^\./, '_').slice(0, MAX_NAME);
}

const MAX_NAME = 240;
