/**
 * An ApiObject whose contents can follow platform settings that are set after it was made.
 *
 * Name and kind never change; labels, annotations and everything beside `metadata` do, so a JSON patch that a user has
 * added stays where it is.
 */
import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Emitted, Manifest } from './build/manifest';

export class LivingObject {
  public readonly apiObject: ApiObject;
  private manifest: Manifest;

  public constructor(scope: Construct, { id, manifest }: Emitted) {
    this.manifest = manifest;
    const { apiVersion, kind, metadata, ...rest } = manifest;
    const fields = Object.keys(rest).map((field) => [field, Lazy.any({ produce: () => this.manifest[field] })]);
    this.apiObject = new ApiObject(scope, id, { apiVersion, kind, metadata, ...Object.fromEntries(fields) });
  }

  /** Takes over the new contents; false when this object cannot become that one. */
  public update(next: Manifest): boolean {
    const fields = ({ apiVersion, kind, metadata, ...rest }: Manifest) => [apiVersion, kind, metadata.name, metadata.namespace, ...Object.keys(rest).sort()].join('\n');
    if (fields(this.manifest) !== fields(next) || this.losesMetadata(next)) return false;
    for (const [key, value] of entries(next.metadata.labels)) this.apiObject.metadata.addLabel(key, value);
    for (const [key, value] of entries(next.metadata.annotations)) this.apiObject.metadata.addAnnotation(key, value);
    this.manifest = next;
    return true;
  }

  /** cdk8s can add labels and annotations, but not take them away. */
  private losesMetadata({ metadata }: Manifest): boolean {
    const before = this.manifest.metadata;
    const lost = (from: unknown, to: unknown) => entries(from).some(([key]) => !entries(to).some(([other]) => other === key));
    return lost(before.labels, metadata.labels) || lost(before.annotations, metadata.annotations);
  }
}

function entries(map: unknown): [string, string][] {
  return Object.entries((map ?? {}) as Record<string, string>);
}
