/** What a platform team decides once, for an app, a chart or a function. */
import type { IConstruct } from 'constructs';
import type { PlatformSettingsProps } from './platform-settings-props';
import { notifySettings, SettingsHolder, settingsAt } from './private/tree/settings-tree';

/**
 * Settings that count for every function below a construct: the cdk8s `App`, a chart, or any construct between.
 *
 * The nearest place that has a field wins; hooks and each gateway are one field, tracing and proxy are merged field by field.
 * They count whenever they are set before synthesis, also for functions that exist already.
 */
export class PlatformSettings {
  /** The settings of a construct. */
  public static of(scope: IConstruct): PlatformSettings {
    return new PlatformSettings(scope, settingsAt(scope));
  }

  private constructor(private readonly scope: IConstruct, private readonly holder: SettingsHolder) {}

  /**
   * Sets the given fields and leaves the others as they are.
   *
   * Throws when a value is not valid or does not go with a function below, naming field, value and what is allowed; then
   * nothing is changed.
   */
  public set(props: PlatformSettingsProps): void {
    const before = this.holder.value;
    this.holder.set(this.scope.node.path, props);
    try {
      notifySettings(this.scope);
    } catch (error) {
      this.holder.restore(before);
      notifySettings(this.scope);
      throw error;
    }
  }
}
