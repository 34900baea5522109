// Updates in place: what a GitOps tool does when the manifests of a function change.
import { ApiServerJudge, nameOf } from './apiserver';
import type { KubeObject } from '../../testbed';

/** The label by which a tool, or a person, finds what functions left behind. */
const MANAGED = 'openfunction.io/managed';

export class UpdateJudge {
  private state: readonly KubeObject[] = [];

  public constructor(private readonly judge: ApiServerJudge) {}

  /** Applies what differs from the last state and prunes what is no longer there. */
  public async next(objects: readonly KubeObject[]): Promise<string[]> {
    const before = new Map(this.state.map((object) => [nameOf(object), JSON.stringify(object)]));
    const problems = await this.judge.apply(objects.filter((object) => before.get(nameOf(object)) !== JSON.stringify(object)));
    const now = new Set(objects.map(nameOf));
    const gone = this.state.filter((object) => !now.has(nameOf(object)));
    this.state = objects;
    await this.judge.remove(gone);
    return [...problems, ...gone.flatMap(unlabelled)];
  }

  public async finish(): Promise<void> {
    await this.judge.remove(this.state);
    this.state = [];
  }

}

/** Only what carries the label can be pruned by it. */
function unlabelled(object: KubeObject): string[] {
  return object.metadata.labels?.[MANAGED] === 'true' ? [] : [`${nameOf(object)} has no label by which it can be pruned`];
}
