/** Settings that a platform team makes once, for an app or a chart. */
import type { IConstruct } from 'constructs';
import type { PlatformSettingsProps } from './platform-settings-props';
import { notifySettings, SettingsHolder, settingsAt } from './private/tree/surroundings';

/**
 * Settings for every function below a construct: the cdk8s `App`, a chart or any other construct.
 *
 * For each field, the nearest value wins. `hooks` and each gateway are replaced as a whole; `tracing`, `proxy` and
 * `targets` are merged field by field. Settings made at any time before synthesis apply, also to existing functions.
 */
export class PlatformSettings {
  /**
   * The settings at a construct.
   *
   * @param scope an `App`, a `Chart` or any other construct
   */
  public static of(scope: IConstruct): PlatformSettings {
    return new PlatformSettings(scope, settingsAt(scope));
  }

  private constructor(private readonly scope: IConstruct, private readonly holder: SettingsHolder) {}

  /**
   * Sets the given fields and leaves the others as they are.
   *
   * Throws if a value is not valid in itself or for a function below, with field, value and allowed values; then
   * nothing changes.
   *
   * @param props the fields to set
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
