/** The forms that Kubernetes gives to names, label keys and label values. */
import { Path, Problems, show } from '../problem/problem';

export const LABEL_LENGTH = 63;
export const SUBDOMAIN_LENGTH = 253;

const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1123_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1123_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const ENV_NAME = /^(?!\.\.|\.$)[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** What is wrong with a value of some form; `undefined` when nothing is. */
export type Form = (value: string) => string | undefined;

export const dns1035Label: Form = (value) => formProblem(value, DNS_1035_LABEL, LABEL_LENGTH,
  'is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"');

export const dns1123Label: Form = (value) => formProblem(value, DNS_1123_LABEL, LABEL_LENGTH,
  'is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit');

export const dns1123Name: Form = (value) => formProblem(value, DNS_1123_SUBDOMAIN, SUBDOMAIN_LENGTH,
  'is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter '
  + 'or digit');

/** A host name of a route, with a wildcard as its first part at most. */
export const hostname: Form = (value) => formProblem(value.replace(/^\*\./, ''), DNS_1123_SUBDOMAIN, SUBDOMAIN_LENGTH,
  'is not a valid host name: lower-case letters, digits, "-" and ".", "*." only in front', value);

export const labelValue: Form = (value) => (value === '' ? undefined : formProblem(value, QUALIFIED_NAME, LABEL_LENGTH,
  'is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit'));

export const envName: Form = (value) => formProblem(value, ENV_NAME, Infinity,
  'is not a valid name for an environment variable: letters, digits, "-", "_" and ".", not beginning with a digit or '
  + '".."');

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
