/** Components of a program: what is checked of their props, and who publishes and subscribes to their topics. */
import type { Duration } from 'cdk8s';
import type { ComponentsPlan, ResolvedRef } from './components';
import { credentialLike } from './credentials';
import type { SecretKey } from '../../component-options';
import { checkComponent, isKnownSetting, Setting } from '../catalogue/check-component';
import type { Json } from '../kubernetes/json';
import { checkForm, configKey, daprAppId } from '../kubernetes/syntax';
import { Path, Problem, Problems, show } from '../problem/problem';
import { checkNames, OWN_COMPONENT, SHARED_COMPONENT } from '../props/known-options';
import { checkProps, Names } from '../settings/known-props';

interface ComponentProps {
  readonly namespace?: string;
  readonly componentType: string;
  readonly version?: string;
  readonly metadata?: { [name: string]: unknown };
  readonly secrets?: { [name: string]: unknown };
  readonly secretStore?: string;
  readonly initTimeout?: Duration;
  readonly scopes?: readonly string[];
}

export function checkSharedComponent(name: string, props: ComponentProps, names: Names = SHARED_COMPONENT): Problem[] {
  const { componentType, version = 'v1', metadata = {}, secrets = {} } = props;
  const { unknown, misshapen } = checkProps(props, names);
  if (misshapen.length > 0) return [...misshapen, ...unknown];
  const problems = new Problems();
  problems.add(...unknown);
  checkNames(name, props, problems);
  for (const [key, value] of Object.entries(metadata)) {
    if (!['string', 'number', 'boolean'].includes(typeof value) || Number.isNaN(value)) {
      problems.error(['metadata', key], `must be a string, number or boolean, got ${show(value)}`);
    }
    const likeness = isKnownSetting(componentType, version, key) ? undefined : credentialLike(key, value as Json);
    if (likeness !== undefined) problems.warn(['metadata', key], `looks like ${likeness}; ${SECRET_ADVICE}`);
    if (key in secrets) problems.error(['secrets', key], 'has a plain value in "metadata" already; give it once');
  }
  checkSources(props, problems);
  if (props.initTimeout?.toMilliseconds() === 0) problems.error(['initTimeout'], 'must be above 0');
  problems.add(...checkAppIds(props.scopes ?? [], 'scopes'));
  if (!problems.hasErrors) checkSettings(props, version, problems);
  return problems.all;
}

/** Keys of other stores than Kubernetes have forms of their own. */
function checkSources({ secrets = {}, secretStore }: ComponentProps, problems: Problems): void {
  if (secretStore === '') problems.error(['secretStore'], 'must not be empty');
  for (const [name, secret] of Object.entries(secrets as { [name: string]: SecretKey })) {
    const place = ['secrets', name, 'key'];
    if (secret.key === '') problems.error(place, 'must not be empty');
    else if (secretStore === undefined) checkForm(place, secret.key, configKey, problems);
  }
}

/** Nothing can have an app-id that Dapr on Kubernetes refuses. */
export function checkAppIds(appIds: readonly string[], field: string): Problem[] {
  const problems = new Problems();
  appIds.forEach((appId, index) => checkForm([field, index], appId, daprAppId, problems));
  return problems.all;
}

/** A function's own component, beside those that it already has. */
export function checkOwnComponent(name: string, props: ComponentProps, known: readonly string[]): Problem[] {
  const taken: Problem = { severity: 'error', path: ['name'], message: `${show(name)} is already defined` };
  return [...checkSharedComponent(name, props, OWN_COMPONENT), ...(known.includes(name) ? [taken] : [])];
}

const SECRET_ADVICE = 'keep it in a Secret and give it in "secrets"';

/** What it is used as depends on functions that may not be there yet. */
function checkSettings(
  { componentType: type, metadata = {}, secrets = {} }: ComponentProps, version: string, problems: Problems,
): void {
  const setting = (field: string, elsewhere: boolean) => ([name, value]: [string, unknown]): Setting => (
    { name, elsewhere, value: elsewhere ? undefined : value as Json, path: () => [field, name] }
  );
  const settings = [
    ...Object.entries(metadata).map(setting('metadata', false)),
    ...Object.entries(secrets).map(setting('secrets', true)),
  ];
  const path = (field: string): Path => [field === 'type' ? 'componentType' : field];
  checkComponent({ type, version, settings, path, secretAdvice: SECRET_ADVICE }, problems);
}

/** Dapr has no way to say that nobody may use a component. */
export const UNUSED_COMPONENT: Problem = {
  severity: 'warning',
  path: ['scopes'],
  message: 'nothing here uses the component, so leastPrivilege cannot close it: every app of its namespace may use it',
};

/** Of a topic to apps. */
export function checkGrant(componentType: string, topic: string, appIds: readonly string[]): Problem[] {
  const problems = new Problems();
  if (!componentType.startsWith('pubsub.')) {
    problems.error(['componentType'], `${show(componentType)} has no topics; addScope lets an app use the component`);
  }
  checkTopic(['topic'], topic, problems);
  appIds.forEach((appId, index) => checkForm(['appIds', index], appId, daprAppId, problems));
  return problems.all;
}

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
    if (topic === '') return;
    uses.push({ component: `${namespace}/${key}`, topic, role, path, componentName, isKnown: spec !== undefined });
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
