/** Components that exist outside the app under test. */
import { App } from 'cdk8s';
import { DaprComponent, IDaprComponent } from '../../src';

export function existing(componentName: string, componentType: string): IDaprComponent {
  return DaprComponent.fromComponentName(new App(), 'existing', { componentName, componentType });
}
