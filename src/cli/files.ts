/** Writes each object to a file of its own: either all of them or none. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toYaml } from './yaml-text';

/** Writes to a temporary folder first and then moves the files, so that a failure leaves the target untouched. */
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
    if (obstacle !== undefined) throw new Error(`${obstacle} already exists as a folder`);
    for (const name of files) renameSync(join(staging, name), join(target, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * `<namespace>.<name>.<kind>.<group>.yaml`: a sorted listing keeps the objects of a function together, and a name
 * does not depend on other objects.
 */
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
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string; kind: string; metadata?: { [key: string]: unknown };
  };
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  const parts = [metadata?.namespace, metadata?.name ?? metadata?.generateName, kind, group];
  const name = parts.filter((part) => typeof part === 'string' && part !== '').join('.').toLowerCase();
  // File systems allow 255 bytes; namespace, name and kind together can exceed that.
  return name.replace(/[^a-z0-9._-]/g, '_').replace(/^\./, '_').slice(0, MAX_NAME);
}

const MAX_NAME = 240;
