/** Text forms of Kubernetes and of registries: names, labels, durations, quantities, percentages, images. */
import { Path, Problem, Problems, show } from '../problem/problem';

export const LABEL_LENGTH = 63;
export const SUBDOMAIN_LENGTH = 253;

const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1123_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1123_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const ENV_NAME = /^[ -<>-~]+$/;

/** What is wrong with a value of some form; `undefined` when nothing is. */
export type Form = (value: string) => string | undefined;

export const dns1035Label: Form = (value) => formProblem(value, DNS_1035_LABEL, LABEL_LENGTH,
  'is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"');

export const dns1123Label: Form = (value) => formProblem(value, DNS_1123_LABEL, LABEL_LENGTH,
  'is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit');

/** What Dapr's injector takes: it adds "-dapr" for the name of a Service. A Service of our own has a narrower form. */
export const daprAppId: Form = (value) => formProblem(value, /^[a-z0-9][-a-z0-9]*$/, LABEL_LENGTH - '-dapr'.length,
  'is not an app-id of Dapr: lower-case letters, digits and "-", beginning with a letter or digit');

export const dns1123Name: Form = (value) => formProblem(value, DNS_1123_SUBDOMAIN, SUBDOMAIN_LENGTH,
  'is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter '
  + 'or digit');

/** Of a pod, as the system has it. */
export const podHostname: Form = (value) => dns1123Name(value)
  ?? (value.length > 64 ? `${show(value)} has ${value.length} characters, 64 are allowed` : undefined);

/** A host name of a route, with a wildcard as its first part at most. */
export const hostname: Form = (value) => formProblem(value.replace(/^\*\./, ''), DNS_1123_SUBDOMAIN, SUBDOMAIN_LENGTH,
  'is not a valid host name: lower-case letters, digits, "-" and ".", "*." only in front', value);

export const labelValue: Form = (value) => (value === '' ? undefined : formProblem(value, QUALIFIED_NAME, LABEL_LENGTH,
  'is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit'));

export const envName: Form = (value) => formProblem(value, ENV_NAME, Infinity,
  'is not a valid name for an environment variable: printable ASCII without "="');

/** What any release takes; later ones take anything that can be printed. */
export const isPlainEnvName = (value: string): boolean => /^(?!\.\.|\.$)[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(value);

/** Later releases take underscores, and the root alone. */
export const searchDomain: Form = (value) => (value === '.' ? undefined : formProblem(
  value.replace(/\.$/, ''), /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/, SUBDOMAIN_LENGTH,
  'is not a valid search domain: lower-case letters, digits, "-", "_" and "."', value));

/** Key of a label or an annotation: a name, with a DNS name and `/` in front of it at most. */
export const qualifiedName: Form = (value) => {
  const slash = value.indexOf('/');
  const name = value.slice(slash + 1);
  const prefix = slash < 0 ? undefined : dns1123Name(value.slice(0, slash));
  return prefix === undefined && QUALIFIED_NAME.test(name) && name.length <= LABEL_LENGTH
    ? undefined
    : `${show(value)} is not a valid key: a name of letters, digits, "-", "_" and "." with ${LABEL_LENGTH} characters `
      + 'at most, optionally after a DNS name and "/"';
};

const MAX_KEY = 253;

/** Key of a ConfigMap or Secret, which may become the name of a file. */
export const configKey: Form = (value) => {
  const isKey = /^[-._a-zA-Z0-9]+$/.test(value) && value !== '.' && !value.startsWith('..') && value.length <= MAX_KEY;
  return isKey ? undefined
    : `${show(value)} is not a valid key: letters, digits, "-", "_" and ".", not beginning with ".."`;
};

/** Name of a port, as IANA has them. */
export const portName: Form = (value) => {
  const isName = value.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) && /[a-z]/.test(value);
  return isName ? undefined
    : `${show(value)} is not a valid name of a port: up to 15 lower-case letters, digits and "-", at least one letter`;
};

export const headerName: Form = (value) => (/^[-A-Za-z0-9]+$/.test(value) ? undefined
  : `${show(value)} is not a valid name of a header: letters, digits and "-"`);

export const sysctlName: Form = (value) => formProblem(
  value, /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/, SUBDOMAIN_LENGTH,
  'is not a valid name of a kernel setting, such as "net.core.somaxconn"');

/** `DOMAIN\\user`, or a user alone. */
const DOMAIN = '(?:[^\\\\/:*?"<>|.\\x00-\\x1f][^\\\\/:*?"<>|\\x00-\\x1f]{0,254}\\\\)?';
const WINDOWS_USER = new RegExp(`^${DOMAIN}(?![. ]+$)[^"/\\\\:;|=,+*?<>@[\\]\\x00-\\x1f]{1,104}$`);
export const windowsUser: Form = (value) => (!WINDOWS_USER.test(value)
  ? `${show(value)} is not a user of Windows, such as "ContainerUser" or "DOMAIN\\\\user"` : undefined);

export const noBacksteps: Form = (value) => (
  value.split('/').includes('..') ? `${show(value)} must not contain ".."` : undefined);

export const absolutePath: Form = (value) => (
  value.startsWith('/') ? undefined : `${show(value)} must begin with "/"`);

/** Below a folder that others choose. */
export const descendingPath: Form = (value) => (
  value.startsWith('/') ? `${show(value)} must not begin with "/": it is relative` : noBacksteps(value));

/** The same, and not a name that Kubernetes keeps for itself. */
export const localPath: Form = (value) => descendingPath(value)
  ?? (value.startsWith('..') ? `${show(value)} must not begin with ".."` : undefined);

/** Notes what is wrong with the form of a value; one that is unset has nothing wrong. */
export function checkForm(path: Path, value: string | null | undefined, form: Form, problems: Problems): void {
  const problem = value === undefined || value === null ? undefined : form(value);
  if (problem !== undefined) problems.error(path, problem);
}

function formProblem(value: string, form: RegExp, length: number, what: string, shown = value): string | undefined {
  if (!form.test(value)) return `${show(shown)} ${what}`;
  return value.length > length ? `${show(shown)} has ${value.length} characters, ${length} are allowed` : undefined;
}

export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600,
};
const WHOLE = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
/** A Go duration is an int64 of nanoseconds, some 292 years. */
const MAX_SECONDS = Number(2n ** 63n - 1n) / 1e9;

/** Seconds with their fraction, or `undefined` when the text is not one. */
export function parseGoDuration(duration: string): number | undefined {
  if (!WHOLE.test(duration)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of duration.matchAll(PART)) seconds += Number(amount) * SECONDS[unit];
  if (seconds > MAX_SECONDS) return undefined;
  return duration.startsWith('-') ? -seconds : seconds;
}

export function isGoDuration(duration: string): boolean {
  return parseGoDuration(duration) !== undefined;
}

const QUANTITY = /^([-+]?(?:\d+\.?\d*|\.\d+))([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?$/;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Of the empty suffix among the decimal ones. */
const ONE = 3;

export const QUANTITY_FORM = 'a quantity such as 1, "100m" or "64Mi"';

/** Its amount, or `undefined` when the text is not one. */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, number, suffix = ''] = match;
  if (BINARY.includes(suffix)) return Number(number) * 1024 ** (BINARY.indexOf(suffix) + 1);
  if (DECIMAL.includes(suffix)) return Number(number) * 1000 ** (DECIMAL.indexOf(suffix) - ONE);
  return Number(number + suffix);
}

/**
 * The fraction as KEDA reads it: of `50%` and of `0.5` it is `0.5`; `undefined` for anything else.
 *
 * Differs: the operator wants `50%` and passes it on, which KEDA cannot parse.
 */
export function normalizedPercentage(text: string): string | undefined {
  const percent = /^(\d{1,9}(?:\.\d{1,9})?) *%$/.exec(text);
  // Shifting the point in the text keeps 33.3% at 0.333, which a division would not.
  if (percent !== null) return shiftedByTwo(percent[1]);
  return /^(?:0?\.\d{1,12}|[01](?:\.0{1,12})?)$/.test(text) ? shortest(text.replace(/^\./, '0.')) : undefined;
}

function shiftedByTwo(percent: string): string {
  const [whole, decimals = ''] = percent.split('.');
  const digits = whole.padStart(3, '0');
  return shortest(`${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`);
}

/** Without zeros that say nothing. */
function shortest(decimal: string): string {
  return decimal.replace(/^0+(?=\d)/, '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

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

/** What comes before the first slash is a host when it cannot be part of a name. */
function partsOf(named: string): { host?: string; path: string; tag?: string } {
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const rest = host === undefined ? named : named.slice(slash + 1);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  return { host, path: hasTag ? rest.slice(0, colon) : rest, tag: hasTag ? rest.slice(colon + 1) : undefined };
}

/** Kubernetes replaces `$(NAME)` by variables above it only: those that others name come before them. */
export function inOrderOfUse<T extends { readonly name: string; readonly value?: unknown }>(
  variables: readonly T[],
): T[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const ordered = new Set<T>();
  const visited = new Set<T>();
  const visit = (variable: T): void => {
    if (visited.has(variable)) return;
    visited.add(variable);
    for (const [, name] of String(variable.value ?? '').matchAll(/(?<!\$)\$\(([^)]+)\)/g)) {
      const used = byName.get(name);
      if (used !== undefined) visit(used);
    }
    ordered.add(variable);
  };
  variables.forEach(visit);
  return [...ordered];
}
