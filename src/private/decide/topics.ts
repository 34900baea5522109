/** Topics that one function publishes and another one subscribes to, but for a slip (docs/spec M72d). */
import type { ComponentsPlan, ResolvedRef } from './components';
import { at, Neighbours } from './neighbours';
import type { Json } from '../kubernetes/json';
import { Path, Problems, show, typoOf } from '../problem/problem';

export interface TopicUse {
  /** Of the component, by the user's name for it: functions may each define the same one. */
  readonly component: string;
  readonly topic: string;
  readonly role: 'published' | 'subscribed';
  readonly path: Path;
  readonly isKafka: boolean;
  /** The emitted name of the component. */
  readonly componentName: string;
  /** Its settings are known. */
  readonly isKnown: boolean;
}

export function topicUses(
  namespace: string, { triggers, outputs }: Pick<ComponentsPlan, 'triggers' | 'outputs'>,
): TopicUse[] {
  const uses: TopicUse[] = [];
  const add = (role: TopicUse['role'], ref: ResolvedRef, topic = '', ...path: Path) => {
    const { key, componentName, componentType, spec } = ref;
    const component = `${namespace}/${key}`;
    const known = { componentName, isKafka: componentType === 'pubsub.kafka', isKnown: spec !== undefined };
    if (topic !== '') uses.push({ component, topic, role, path, ...known });
  };
  triggers.forEach((trigger) => {
    const { topic, delivery, path } = trigger;
    add('subscribed', trigger, topic, ...path, 'topic');
    if (delivery !== undefined) {
      add('published', trigger, delivery.deadLetterTopic, 'inputs', delivery.index, 'deadLetterTopic');
    }
  });
  outputs.forEach((output) => {
    add('published', output, output.topic, ...output.path, 'topic');
  });
  return uses;
}

/** Of a topic that the scopes of a component are to name. */
export function checkTopic(path: Path, topic: string, problems: Problems): void {
  if (topic !== '' && !/[,;= ]/.test(topic)) return;
  problems.platformError(path, `${show(topic)} cannot be named in Dapr's scopes of topics, which are separated by `
    + '",", ";", "=" and spaces; leastPrivilege needs another name');
}

/** What all functions and subscriptions of a program do with topics. */
export class Topics {
  private readonly sets = new Map<string, Set<string>>();
  private readonly kafka: readonly string[];

  public constructor(uses: readonly TopicUse[], neighbours: Neighbours) {
    for (const { component, role, topic } of uses) this.add(component, role, topic);
    for (const { namespace, body } of neighbours.all('Subscription')) {
      const { spec } = body();
      const [component, topic, dead] = ['pubsubname', 'topic', 'deadLetterTopic'].map((key) => text(at(spec, [key])));
      if (namespace === undefined || component === undefined) continue;
      if (topic !== undefined) this.add(`${namespace}/${component}`, 'subscribed', topic);
      if (dead !== undefined) this.add(`${namespace}/${component}`, 'published', dead);
    }
    this.kafka = neighbours.all('KafkaTopic').map(({ name }) => name);
  }

  /** The topic that is meant where nothing else deals with this one, and another one waits for its counterpart. */
  public check(uses: readonly TopicUse[], problems: Problems): void {
    for (const { component, topic, role, path, isKafka } of uses) {
      const other = role === 'subscribed' ? 'published' : 'subscribed';
      const there = this.of(component, other);
      if (there.has(topic)) continue;
      const waiting = [...there].filter((each) => !this.of(component, role).has(each));
      const meant = typoOf(topic, waiting);
      const does = other === 'published' ? 'publishes' : 'subscribes';
      if (meant !== undefined) {
        problems.warnOfName(path, topic, `nothing here ${does} to the topic ${show(topic)} of `
          + `${show(component.split('/')[1])}; did you mean ${show(meant)}?`);
      } else if (isKafka) {
        this.checkKafka(topic, path, problems);
      }
    }
  }

  private checkKafka(topic: string, path: Path, problems: Problems): void {
    const near = this.kafka.includes(topic) ? undefined : typoOf(topic, this.kafka);
    if (near === undefined) return;
    problems.warnOfName(path, topic, `there is no KafkaTopic ${show(topic)} here; did you mean ${show(near)}?`);
  }

  private of(component: string, role: TopicUse['role']): ReadonlySet<string> {
    return this.sets.get(`${role} ${component}`) ?? NONE;
  }

  private add(component: string, role: TopicUse['role'], topic: string): void {
    const key = `${role} ${component}`;
    this.sets.set(key, (this.sets.get(key) ?? new Set()).add(topic));
  }
}

const NONE: ReadonlySet<string> = new Set();

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
