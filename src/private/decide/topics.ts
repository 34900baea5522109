/** What a function does with topics. */
import type { ComponentsPlan, ResolvedRef } from './components';
import { Path, Problems, show } from '../problem/problem';

export interface TopicUse {
  /** Of the component, by the user's name for it: functions may each define the same one. */
  readonly component: string;
  readonly topic: string;
  readonly role: 'published' | 'subscribed';
  readonly path: Path;
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
    const { key, componentName, spec } = ref;
    const component = `${namespace}/${key}`;
    const known = { componentName, isKnown: spec !== undefined };
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
