/** A function's changes in words; what the text and the Markdown have in common. */
import type { FunctionChange, ObjectChange, Values } from './compare';
import type { FieldChange } from './fields';
import { oneLine, show } from '../../private/problem/problem';

export function inWords(change: FunctionChange): string[] {
  if (change.change !== 'changed') return [change.change];
  const { image, minReplicas, maxReplicas, inputs, outputs, appId, dapr, consumerGroups } = change;
  const words = [
    ...(image ? [`image ${imageChange(image)}`] : []),
    ...(minReplicas ? [`minReplicas ${valueChange(minReplicas)}`] : []),
    ...(maxReplicas ? [`maxReplicas ${valueChange(maxReplicas)}`] : []),
    ...listChange('input', inputs),
    ...listChange('output', outputs),
    ...(appId ? [`app-id ${valueChange(appId)}`] : []),
    ...(dapr ? [`Dapr ${valueChange(dapr)}, since ${dapr.reason}`] : []),
    ...consumerGroups.map((group) => (
      `the consumer group of ${group.input} moves, ${valueChange(group)}: the broker starts it anew`)),
    ...(change.podsRestart ? ['pods restart'] : []),
    ...(change.proxyRestarts ? ['the proxy restarts'] : []),
    ...change.replaced,
    ...(change.added.length > 0 ? [`added: ${change.added.join(', ')}`] : []),
    ...(change.removed.length > 0 ? [`removed: ${change.removed.join(', ')}`] : []),
  ];
  return words.length > 0 ? words.map(oneLine) : ['no pod restarts'];
}

/** `acme/orders:2.0.1 → 2.1.0` where only the tag changes. */
function imageChange({ old = '', new: current = '' }: Values<string>): string {
  const repository = old.slice(0, old.lastIndexOf(':') + 1);
  const sameRepository = repository !== '' && !old.includes('@') && current.startsWith(repository)
    && !current.slice(repository.length).includes('/');
  return `${old} → ${sameRepository ? current.slice(repository.length) : current}`;
}

function valueChange({ old, new: current }: Values<string>): string {
  return `${old ?? 'unset'} → ${current ?? 'unset'}`;
}

function listChange(noun: string, change: FunctionChange['inputs']): string[] {
  if (change === undefined) return [];
  return [
    ...change.added.map((item) => `${noun} ${item} added`),
    ...change.removed.map((item) => `${noun} ${item} removed`),
  ];
}

/** Names of the same namespace are short; those of several have it. */
export function functionNames(changes: readonly FunctionChange[]): string[] {
  const oneNamespace = new Set(changes.map(({ namespace }) => namespace)).size === 1;
  return changes.map(({ namespace, name }) => (oneNamespace ? name : `${namespace}/${name}`));
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

export function objectTitle({ change, apiVersion, kind, namespace, name, replaced }: ObjectChange): string {
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const what = oneLine(`${kind} ${place} (${apiVersion})`);
  return `${SIGNS[change]} ${what}${replaced === undefined ? '' : ', to be replaced'}`;
}

export function fieldLine(change: FieldChange): string {
  return oneLine(wordsOf(change));
}

function wordsOf({ path, old, new: current }: FieldChange): string {
  if (old === undefined) return `${path}: ${show(current)} added`;
  if (current === undefined) return `${path}: ${show(old)} removed`;
  const areTexts = typeof old === 'string' && typeof current === 'string';
  const [before, after] = areTexts ? windows(old, current) : [old, current];
  return `${path}: ${show(before)} → ${show(after)}`;
}

const LONG = 60;
const CONTEXT = 15;

/** Of long texts, what begins shortly before the first difference. */
function windows(old: string, current: string): [string, string] {
  if (old.length <= LONG && current.length <= LONG) return [old, current];
  let same = 0;
  while (same < old.length && old[same] === current[same]) same++;
  const start = Math.max(0, same - CONTEXT);
  const end = start + LONG;
  const cut = (text: string) => `${start > 0 ? '…' : ''}${text.slice(start, end)}${text.length > end ? '…' : ''}`;
  return [cut(old), cut(current)];
}
