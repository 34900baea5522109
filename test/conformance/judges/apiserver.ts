// The API server as a judge: strict server-side apply, what it stores, and what a second apply changes.
import { differences } from './compare';
import type { KubeAnswer, KubeClient, KubeObject } from '../../testbed';

/** What holds a group of problems, in words. */
export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

export class ApiServerJudge {
  private readonly namespaces = new Set<string>();
  /** Judged already, by name, and never removed. */
  private readonly kept = new Map<string, string>();

  public constructor(private readonly client: KubeClient) {}

  /** Applies the objects, strictly; the problems are empty when all are accepted without a warning. */
  public async apply(objects: readonly KubeObject[]): Promise<string[]> {
    await this.ensureNamespaces(objects);
    const wanted = objects.filter((object) => !this.isKept(object));
    const problems = (await Promise.all(wanted.map(async (object) => refusal(object, await this.client.apply(object))))).flat();
    if (problems.length === 0) wanted.filter(isImmutable).forEach((object) => this.kept.set(nameOf(object), JSON.stringify(object)));
    return problems;
  }

  /** Applies the objects, reads them back and applies them again. */
  public async applyAndCompare(objects: readonly KubeObject[]): Promise<string[]> {
    const known = new Set(objects.filter((object) => this.isKept(object)));
    const refused = await this.apply(objects);
    if (refused.length > 0) return refused;
    return (await Promise.all(objects.filter((object) => !known.has(object)).map((object) => this.compare(object)))).flat();
  }

  /** Deletes the objects, but for those that many functions share. */
  public async remove(objects: readonly KubeObject[]): Promise<void> {
    await Promise.all(objects.filter((object) => !this.isKept(object)).map((object) => this.client.delete(object)));
  }

  private isKept(object: KubeObject): boolean {
    return isImmutable(object) && this.kept.get(nameOf(object)) === JSON.stringify(object);
  }

  private async compare(object: KubeObject): Promise<string[]> {
    const stored = await this.client.get(object);
    const again = await this.client.apply(object);
    const version = ({ body }: KubeAnswer): string | undefined => (body as unknown as KubeObject).metadata.resourceVersion;
    return [
      ...differences(object, stored.body).map((difference) => `${nameOf(object)} is not stored as sent: ${difference}`),
      ...(version(stored) === version(again) ? [] : [`${nameOf(object)} changes when it is applied a second time`]),
    ];
  }

  private async ensureNamespaces(objects: readonly KubeObject[]): Promise<void> {
    const wanted = new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'));
    await Promise.all([...wanted].filter((name) => !this.namespaces.has(name)).map(async (name) => {
      await this.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'testbed');
      this.namespaces.add(name);
    }));
  }
}

/** The proxy's bundle: a hundred kilobytes, the same for all functions of a namespace. */
function isImmutable({ immutable }: KubeObject): boolean {
  return immutable === true;
}

function refusal(object: KubeObject, { status, body, warnings }: KubeAnswer): string[] {
  if (status >= 300) return [`${nameOf(object)} is refused (${status}): ${body.message}`];
  return warnings.map((warning) => `${nameOf(object)} is warned about: ${warning}`);
}
