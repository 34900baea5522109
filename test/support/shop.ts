// A broker and two functions that use it, under least privilege.
import { Chart } from 'cdk8s';
import { newChart, quietly } from './synth';
import { DaprComponent, DaprComponentProps, FunctionInput, FunctionOutput, Manifests, OpenFunctionApp, OpenFunctionAppProps, PlatformSettings } from '../../src';

export const REDIS: DaprComponentProps = { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } };

export interface Shop {
  readonly chart: Chart;
  readonly events: DaprComponent;
  readonly orders: OpenFunctionApp;
  readonly mails: OpenFunctionApp;
}

export function shop({ component = REDIS, orders = {}, leastPrivilege = true }: {
  component?: DaprComponentProps; orders?: Partial<OpenFunctionAppProps>; leastPrivilege?: boolean;
} = {}): Shop {
  const { app, chart } = newChart('shop');
  const events = new DaprComponent(chart, 'events', component);
  const made = {
    chart,
    events,
    orders: new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:1', outputs: [FunctionOutput.toTopic(events, 'placed')], ...orders }),
    mails: new OpenFunctionApp(chart, 'mails', {
      image: 'acme/mails:1',
      inputs: [FunctionInput.fromTopic(events, 'placed', { deadLetterTopic: 'failed' }), FunctionInput.fromTopic(events, 'paid')],
    }),
  };
  if (leastPrivilege) PlatformSettings.of(app).set({ leastPrivilege });
  return made;
}

export const manifests = ({ chart }: Shop) => quietly(() => Manifests.of(chart));
export const metadataOf = (made: Shop) => manifests(made).find('Component')[0].spec.metadata as { name: string; value: string }[];
