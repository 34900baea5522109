/** Components and credentials that exist outside the app under test. */
import { App } from 'cdk8s';
import { DaprComponent, IDaprComponent, ITriggerAuthentication, TriggerAuthentication } from '../../src';

export function existing(componentName: string, componentType: string): IDaprComponent {
  return DaprComponent.fromComponentName(new App(), 'existing', { componentName, componentType });
}

export function credentials(name: string): ITriggerAuthentication {
  return TriggerAuthentication.fromName(new App(), 'existing', name);
}
