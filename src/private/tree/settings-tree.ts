/** Platform settings along a construct tree, and what tells functions that they changed. */
import type { IConstruct } from 'constructs';
import type { PlatformSettingsProps } from '../../platform-settings-props';
import { failOn, ProblemGroup, ProblemsError } from '../problem/problem';
import { platformOf } from '../settings/platform';
import type { PlatformModel } from '../settings/platform';
import { merge } from '../settings/proxy';
import type { ProxyImageModel } from '../settings/proxy-image';

const SETTINGS = Symbol.for('cdk8s-openfunction.settings');
const LISTENER = Symbol.for('cdk8s-openfunction.settings-listener');

/** Everything that settings say, as the core takes it. */
export interface ResolvedSettings {
  readonly platform: PlatformModel;
  readonly image?: ProxyImageModel;
  readonly strict?: boolean;
}

/** The settings of one construct. */
export class SettingsHolder {
  private resolved: ResolvedSettings = { platform: {} };

  public set(where: string, props: PlatformSettingsProps): void {
    this.merge(readSettings(where, props));
  }

  /** Settings that did not come as typed props. */
  public merge(settings: ResolvedSettings): void {
    this.resolved = mergeSettings(this.resolved, settings);
  }

  /** What was here before settings that do not go with the functions below. */
  public restore(settings: ResolvedSettings): void {
    this.resolved = settings;
  }

  public get value(): ResolvedSettings {
    return this.resolved;
  }
}

export function readSettings(where: string, props: PlatformSettingsProps): ResolvedSettings {
  const { platform, problems } = platformOf(props);
  // A program has no reason to keep what has no effect.
  const all = problems.map((problem) => ({ ...problem, severity: 'error' as const }));
  failOn(`${where === '' ? 'app' : where} (platform settings)`, all);
  return { platform, image: props.proxyImage?._model(), strict: props.strict };
}

/** Settings of one construct, made on first use. */
export function settingsAt(scope: IConstruct): SettingsHolder {
  const holding = scope as IConstruct & { [SETTINGS]?: SettingsHolder };
  holding[SETTINGS] ??= new SettingsHolder();
  return holding[SETTINGS];
}

/** All settings that apply to a construct, the nearest winning. */
export function settingsFor(construct: IConstruct): ResolvedSettings {
  const own = (construct as IConstruct & { [SETTINGS]?: SettingsHolder })[SETTINGS]?.value ?? NO_SETTINGS;
  const { scope } = construct.node;
  return scope === undefined ? own : mergeSettings(settingsFor(scope), own);
}

/** What nobody has set. */
export const NO_SETTINGS: ResolvedSettings = { platform: {} };

export function mergeSettings(outer: ResolvedSettings, inner: ResolvedSettings): ResolvedSettings {
  if (inner === NO_SETTINGS) return outer;
  if (outer === NO_SETTINGS) return inner;
  return {
    platform: merge(outer.platform, inner.platform),
    image: inner.image ?? outer.image,
    strict: inner.strict ?? outer.strict,
  };
}

/** Called when settings above a construct change. */
export function listenForSettings(construct: IConstruct, refresh: () => void): void {
  (construct as IConstruct & { [LISTENER]?: () => void })[LISTENER] = refresh;
}

/** All functions below decide anew; the problems of all of them come in one error. */
export function notifySettings(scope: IConstruct): void {
  attemptAll(scope.node.findAll(), (construct) => (
    (construct as IConstruct & { [LISTENER]?: () => void })[LISTENER]?.()));
}

export function attemptAll<T>(constructs: readonly T[], attempt: (construct: T) => void): void {
  const groups: ProblemGroup[] = [];
  for (const construct of constructs) {
    try {
      attempt(construct);
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      groups.push(...error.groups);
    }
  }
  if (groups.length > 0) throw new ProblemsError(groups);
}
