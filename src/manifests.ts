/** Assertions over manifests, for tests in every language. */
/* eslint-disable @typescript-eslint/no-explicit-any -- manifests are read as deep as a test wants */
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { copy, JsonObject } from './private/kubernetes/json';
import { nothingLike, objectsLike, TestedManifest, tooMany, wrongCount } from './private/testing/manifest-set';
import { valueWithoutBundle } from './private/testing/snapshot';

/**
 * What an app, a chart or a construct synthesizes, for tests with any test framework.
 *
 * A kind is `Deployment`, or with its group `Service.serving.knative.dev`. A pattern says what an object must have;
 * see `Match` for more than plain values. An assertion that fails throws an error that shows the nearest object and the
 * paths at which it differs, the first one first.
 *
 * @example
 * const manifests = Manifests.of(app);
 * manifests.hasObject('Deployment', { metadata: { name: 'mails' }, spec: { replicas: 1 } });
 * manifests.hasNoObject('Component', { scopes: Match.absent() });
 */
export class Manifests {
  /**
   * The manifests of a construct.
   *
   * Apps and charts are synthesized, so their errors are thrown here. Any other construct gives the objects below it.
   *
   * @param scope an app, a chart, a function or any other construct
   */
  public static of(scope: IConstruct): Manifests {
    const charts = scope.node.scope === undefined && 'charts' in scope ? (scope as App).charts
      : scope.node.findAll().filter((construct) => Chart.isChart(construct));
    if (charts.length > 0) return new Manifests(charts.flatMap((chart) => chart.toJson() as TestedManifest[]));
    const objects = scope.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    return new Manifests(objects.map((object) => object.toJson() as TestedManifest));
  }

  private constructor(private readonly all: readonly TestedManifest[]) {}

  /**
   * All objects of a kind that are like the pattern, in the order of the output.
   *
   * @param kind kind, with or without its group
   * @param pattern what they have; without it, all of the kind
   * @returns copies, possibly none
   */
  public find(kind: string, pattern: { [field: string]: any } = {}): { [field: string]: any }[] {
    return objectsLike(this.all, kind, pattern).map((manifest) => copy(manifest as JsonObject));
  }

  /**
   * Throws unless an object is like the pattern.
   *
   * @param kind kind, with or without its group
   * @param pattern what it has; without it, any of the kind will do
   */
  public hasObject(kind: string, pattern: { [field: string]: any } = {}): void {
    if (objectsLike(this.all, kind, pattern).length > 0) return;
    throw new Error(nothingLike(this.all, kind, pattern));
  }

  /**
   * Throws if an object is like the pattern.
   *
   * @param kind kind, with or without its group
   * @param pattern what none may have; without it, there may be none of the kind
   */
  public hasNoObject(kind: string, pattern: { [field: string]: any } = {}): void {
    const found = objectsLike(this.all, kind, pattern);
    if (found.length > 0) throw new Error(tooMany(kind, pattern, found));
  }

  /**
   * Throws unless exactly so many objects are like the pattern.
   *
   * @param kind kind, with or without its group
   * @param count 0 or more
   * @param pattern what they have; without it, all of the kind
   */
  public countIs(kind: string, count: number, pattern: { [field: string]: any } = {}): void {
    const found = objectsLike(this.all, kind, pattern);
    if (!Number.isInteger(count) || count < 0) throw new Error(`the count must be a whole number from 0, got ${count}`);
    if (found.length !== count) throw new Error(wrongCount({ all: this.all, kind, count, pattern }, found));
  }

  /**
   * All manifests as YAML, for a snapshot of any test framework.
   *
   * In place of the bundled dapr-proxy, its version and its hash are `<the bundled dapr-proxy>`, `<version>` and
   * `<hash>`, so a new version of this package alone changes nothing.
   */
  public toSnapshot(): string {
    return Yaml.stringify(...this.all.map(valueWithoutBundle));
  }
}
