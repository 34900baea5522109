/** Image references, in the grammar of the container registries and as strictly as Knative reads them. */
import type { Form } from './syntax';
import { Path, Problem, Problems, show } from '../problem/problem';

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const MAX_NAME = 255;

type Kind = 'reference' | 'repository';
const EXAMPLES: Readonly<Record<Kind, string>> = {
  reference: 'give one such as "registry.acme.io/orders:1.0.0"',
  repository: 'give it without tag and digest, such as "registry.acme.io/dapr-proxy"',
};

export function checkImageReference(path: Path, value: string, kind: Kind = 'reference'): Problem[] {
  const problems = new Problems();
  const wrong = wrongImage(value, kind);
  if (wrong !== undefined) problems.error(path, wrong);
  return problems.all;
}

/** Of any field that names an image to run. */
export const imageReference: Form = (value) => wrongImage(value, 'reference');

function wrongImage(value: string, kind: Kind): string | undefined {
  const fault = faultOf(value, kind);
  return fault === undefined ? undefined : `${show(value)} is not a valid image ${kind}${fault}`;
}

/** The likeliest mistake first; `undefined` without one. */
function faultOf(value: string, kind: Kind): string | undefined {
  const other = `; ${EXAMPLES[kind]}`;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0];
  if (scheme !== undefined) return `: it has a scheme; give ${show(value.slice(scheme.length))}`;
  if (/[<>{}$]/.test(value)) return ': it has a placeholder in it; put the real name there';
  const [named, digest, more] = value.split('@');
  if (digest !== undefined && kind === 'repository') return other;
  if (more !== undefined || (digest !== undefined && !DIGEST.test(digest))) {
    return ': a digest is "@sha256:" and 64 digits from 0 to 9 and a to f';
  }
  const { host, path, tag } = partsOf(named);
  if (tag !== undefined && kind === 'repository') return other;
  if (path.includes(':')) return `: it has two tags; ${EXAMPLES.reference}`;
  if (tag !== undefined && !TAG.test(tag)) {
    return tag === '' ? ': the tag after ":" is missing'
      : `: ${show(tag)} is not a tag, which has letters, digits, "_", "." and "-"`;
  }
  const components = path.split('/');
  const isName = components.every((component) => COMPONENT.test(component)) && path.length <= MAX_NAME;
  if (isName && (host === undefined || HOST.test(host))) return undefined;
  const lower = path.toLowerCase();
  const capitals = lower !== path && lower.split('/').every((component) => COMPONENT.test(component));
  return capitals ? `: names are in lower case; did you mean ${show(value.replace(path, lower))}?` : other;
}

/** What stands before the first slash is a host when it cannot be part of a name. */
function partsOf(named: string): { host?: string; path: string; tag?: string } {
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const rest = host === undefined ? named : named.slice(slash + 1);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  return { host, path: hasTag ? rest.slice(0, colon) : rest, tag: hasTag ? rest.slice(colon + 1) : undefined };
}
