/** Manifests by kind and pattern, and what to say where there is none like it. */
import { Difference, like, sum } from './match';
import { didYouMean, formatPath, show, typoOf } from '../problem/problem';

export interface TestedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

type Pattern = Record<string, unknown>;

export function objectsLike(all: readonly TestedManifest[], kind: string, pattern: Pattern): TestedManifest[] {
  if (typeof kind !== 'string' || kind === '') {
    throw new Error(`a kind is a text such as "Deployment", got ${show(kind)}`);
  }
  if (typeof pattern !== 'object' || Array.isArray(pattern)) {
    throw new Error(`a pattern is an object such as { metadata: { name: "mails" } }, got ${show(pattern)}`);
  }
  return ofKind(all, kind).filter((manifest) => like(pattern)(manifest, []).length === 0);
}

/** `Deployment` of any group, or `Service.serving.knative.dev`. */
function ofKind(all: readonly TestedManifest[], kind: string): TestedManifest[] {
  return all.filter((manifest) => manifest.kind === kind || longKind(manifest) === kind);
}

function longKind({ apiVersion, kind }: TestedManifest): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group}`;
}

/** Why no object is like the pattern: the nearest one, and what differs in it. */
export function nothingLike(all: readonly TestedManifest[], kind: string, pattern: Pattern): string {
  const candidates = ofKind(all, kind);
  if (candidates.length === 0) return `there is no ${kind}${likelyKind(all, kind)}`;
  const judged = candidates.map((manifest) => ({ manifest, differences: like(pattern)(manifest, []) }));
  const [{ manifest, differences }] = judged.sort((one, other) => (
    nameOf(other.manifest, pattern) - nameOf(one.manifest, pattern) || sum(one.differences) - sum(other.differences)));
  const which = candidates.length === 1 ? `the only one, ${titleOf(manifest)}, differs`
    : `of ${candidates.length}, ${titleOf(manifest)} is nearest, and differs`;
  return `no ${kind} is like this; ${which}:${listOf(differences)}`;
}

/** Somebody who gives a name means that object, or one of nearly that name, whatever else is like the others. */
function nameOf({ metadata: { name = '' } = {} }: TestedManifest, { metadata: asked }: Pattern): number {
  const { name: wanted } = (asked ?? {}) as { name?: unknown };
  if (typeof wanted !== 'string') return 0;
  return wanted === name ? 2 : Number(typoOf(wanted, [name]) !== undefined);
}

const MOST = 5;

function listOf(differences: readonly Difference[]): string {
  const lines = differences.slice(0, MOST).map(({ path, message }) => `\n  ${formatPath(path)}: ${message}`);
  const more = differences.length - lines.length;
  return `${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}`;
}

function likelyKind(all: readonly TestedManifest[], kind: string): string {
  const counts = new Map<string, number>();
  for (const manifest of all) counts.set(longKind(manifest), (counts.get(longKind(manifest)) ?? 0) + 1);
  const kinds = [...new Set([...all.map((manifest) => manifest.kind), ...counts.keys()])];
  const list = [...counts].map(([name, count]) => `${count} ${name}`).sort(byName).join(', ');
  const [name, version, group] = kind.split(/[\s/]/).reverse();
  const plain = version === undefined ? kind : group === undefined ? name : `${name}.${group}`;
  const whole = Object.hasOwn(SHORT, kind.toLowerCase()) ? SHORT[kind.toLowerCase()] : undefined;
  const meant = plain !== kind && kinds.includes(plain) ? `; a kind has no version: say ${show(plain)}`
    : whole === undefined ? didYouMean(kind, kinds) : `; say ${show(whole)}`;
  return `${meant}${meant.endsWith('?') ? ' There' : '; there'} are ${list === '' ? 'no objects at all' : list}`;
}

/** As kubectl has them. */
const SHORT: Readonly<Record<string, string>> = {
  deploy: 'Deployment',
  svc: 'Service',
  cm: 'ConfigMap',
  sa: 'ServiceAccount',
  netpol: 'NetworkPolicy',
  so: 'ScaledObject',
  ksvc: 'Service.serving.knative.dev',
  knativeservice: 'Service.serving.knative.dev',
};

function byName(one: string, other: string): number {
  return one.slice(one.indexOf(' ')) < other.slice(other.indexOf(' ')) ? -1 : 1;
}

/** Why there are too many. */
export function tooMany(kind: string, pattern: Pattern, found: readonly TestedManifest[]): string {
  return `expected no ${kind}${likeThis(pattern)}, but there ${found.length === 1 ? 'is' : 'are'} ${titles(found)}`;
}

interface Counted {
  readonly all: readonly TestedManifest[];
  readonly kind: string;
  readonly count: number;
  readonly pattern: Pattern;
}

export function wrongCount({ all, kind, count, pattern }: Counted, found: readonly TestedManifest[]): string {
  const there = found.length === 0 ? 'there is none' : `there ${found.length === 1 ? 'is' : 'are'} ${found.length}`;
  const list = found.length === 0 ? '' : `: ${titles(found)}`;
  const others = ofKind(all, kind).filter((manifest) => !found.includes(manifest));
  const rest = found.length < count && (others.length > 0 || found.length === 0)
    ? `\n${nothingLike(others.length > 0 ? others : all, kind, pattern)}` : '';
  return `expected ${count} ${kind}${likeThis(pattern)}, but ${there}${list}${rest}`;
}

function likeThis(pattern: Pattern): string {
  return Object.keys(pattern).length === 0 ? '' : ' like this';
}

function titles(found: readonly TestedManifest[]): string {
  return found.map(titleOf).join(', ');
}

function titleOf({ metadata: { name = '', namespace } = {} }: TestedManifest): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
