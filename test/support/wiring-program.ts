// A program whose wiring has a mistake, in as few words as it takes.
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import {
  DaprComponent, DaprComponentProps, FunctionInput, FunctionOutput, FunctionTopology, IDaprComponent, OpenFunctionApp, OpenFunctionAppProps,
} from '../../src';

type Text = { readonly [name: string]: string };

export class Program {
  public readonly app: App = Testing.app();
  public readonly chart = new Chart(this.app, 'chart', { namespace: 'shop' });
  private made?: DaprComponent;

  /** There as soon as something uses it. */
  public get events(): DaprComponent {
    return (this.made ??= this.bus('events'));
  }

  public fn(id: string, props: Partial<OpenFunctionAppProps> = {}): OpenFunctionApp {
    return new OpenFunctionApp(this.chart, id, { image: 'acme/fn:1', ...props });
  }

  public component(name: string, componentType: string, metadata: Text = {}, namespace = 'shop', more: Partial<DaprComponentProps> = {}): DaprComponent {
    return new DaprComponent(this.chart, `${namespace}-${name}`, { name, namespace, componentType, metadata, ...more });
  }

  /** One that is there, as an object or elsewhere. */
  public named(componentName: string, componentType: string): IDaprComponent {
    return DaprComponent.fromComponentName(this.chart, `named-${componentName}`, { componentName, componentType });
  }

  public bus(name: string, metadata: Text = {}, { namespace, ...more }: Partial<DaprComponentProps> = {}): DaprComponent {
    return this.component(name, 'pubsub.kafka', { brokers: 'kafka:9092', authType: 'none', ...metadata }, namespace, more);
  }

  public object(apiVersion: string, kind: string, name: string, fields: object, namespace = 'shop'): void {
    new ApiObject(this.chart, `${kind}-${name}`, { apiVersion, kind, metadata: { name, namespace }, ...fields });
  }
}

/** All but topics that other programs may well deal with. */
export function found(write: (program: Program) => void): string[] {
  const program = new Program();
  write(program);
  return FunctionTopology.of(program.app).findings.filter(({ rule }) => !rule.startsWith('topic-without-') && rule !== 'dead-letters-unread')
    .map(({ rule, level, place, message }) => `${level} ${rule} at ${place}: ${message}`);
}

export const from = FunctionInput.fromTopic;
export const to = FunctionOutput.toTopic;
export const kafka = (topic: string, consumerGroup: string, bootstrapServers = 'kafka:9092') => (
  { triggerType: 'kafka', metadata: { bootstrapServers, topic, consumerGroup } });
