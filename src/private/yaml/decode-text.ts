/** The bytes of a file → text, or the one problem with them; and what is for other tools: kustomize, Helm, SOPS. */
import { isObject } from '../kubernetes/json';
import { Problem, show } from '../problem/problem';

/** Objects in a cluster have 1.5 MB at most; the limit keeps a wrong file from costing minutes. */
export const MAX_BYTES = 8 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

export type Decoded = { readonly text: string } | { readonly problem: Problem };

export function decodeText(content: string | Buffer, file: string): Decoded {
  // Plain JavaScript may give anything.
  if (typeof content !== 'string' && !Buffer.isBuffer(content)) {
    return refused(file, `must be a string, got ${show(content)}`);
  }
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  if (bytes > MAX_BYTES) return refused(file, `has more than ${MAX_BYTES / MEBIBYTE} MiB; split it`);
  const text = typeof content === 'string' ? content : decode(content);
  if (text === undefined) return refused(file, 'is not text in UTF-8');
  const withoutMark = text.includes(BYTE_ORDER_MARK) ? text.replace(MARK_OF_DOCUMENT, '$1') : text;
  const control = (JSON_TEXT.test(withoutMark) ? CONTROL : CONTROL_OR_LINE_END).exec(withoutMark);
  if (control === null) return { text: withoutMark };
  const code = withoutMark.charCodeAt(control.index);
  if (code === 0) return refused(file, 'is a binary file');
  const before = withoutMark.slice(0, control.index).split('\n');
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const what = LINE_END.test(control[0]) ? `has the character ${name}, at which kubectl begins a new line`
    : `has the control character ${name}, which YAML forbids`;
  return refused(file, what,
    before.length, before[before.length - 1].length + 1);
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Files that were put together keep the marks of each. */
const MARK_OF_DOCUMENT = /(^|(?:^|\n)---[^\n]*\n|\n(?=\uFEFF---))\uFEFF/g;
/** All that YAML does not allow in a text but for what only UTF-16 can hold. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\r(?!\n)/;
/** YAML 1.1 has more ends of lines than 1.2, and forbids the control characters that JSON allows. */
const CONTROL_OR_LINE_END = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]|\r(?!\n)/;
const LINE_END = /[\r\u0085\u2028\u2029]/;
/** kubectl reads it as JSON. */
const JSON_TEXT = /^[ \t\r\n]*\{[ \t\r\n]*["}]/;

function decode(content: Buffer): string | undefined {
  const mark = content.length < 2 ? 0 : content.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

function refused(file: string, message: string, line = 1, column = 1): Decoded {
  return { problem: { severity: 'error', path: [], message, position: { file, line, column } } };
}

/** Begins an action of a Go template, which YAML would take for a map of maps. */
const TEMPLATE_ACTION = /\{\{-?\s*(?:[.$]|\/\*|(?:if|else|end|range|with|include|template|define|block|tpl|toYaml)\b)/;
export const HELM = 'looks like a Helm template; render it first, with helm template';

/** Offset of the first action. */
export function templateIn(text: string): number | undefined {
  const found = TEMPLATE_ACTION.exec(text);
  return found === null ? undefined : found.index;
}

/** Why a function cannot be taken as it is. */
export function whyUnreadable({ sops, metadata, spec }: Record<string, unknown>): string | undefined {
  if (isObject(sops)) return 'is encrypted with SOPS; decrypt it first, with sops decrypt';
  const named = isObject(metadata) ? metadata.name : undefined;
  const image = isObject(spec) ? spec.image : undefined;
  return [named, image].some((value) => typeof value === 'string' && TEMPLATE_ACTION.test(value)) ? HELM : undefined;
}

/** Objects that no cluster takes: for whom they are. */
export function toolOf(apiVersion: string, kind: string): string | undefined {
  const [group] = apiVersion.split('/');
  if (group === 'kustomize.config.k8s.io') return `this ${kind} is for kustomize`;
  if (group === 'skaffold') return 'this configuration is for skaffold';
  return apiVersion === 'v1' && kind === 'Config' ? 'this is a kubeconfig' : undefined;
}

export const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;

const OF_CHART = /^(?:Chart\.ya?ml|values.*\.ya?ml|values\.schema\.json|templates|charts)$/;

/** A file, or a folder, that is for another tool, by its name and those beside it. */
export function fileOfTool(name: string, beside: readonly string[]): string | undefined {
  if (KUSTOMIZATION.test(name)) return 'this file is for kustomize';
  if (/^(?:package(?:-lock)?|[tj]sconfig.*)\.json$/.test(name)) return 'this file is for Node.js';
  if (!OF_CHART.test(name) || !beside.some((each) => /^Chart\.ya?ml$/.test(each))) return undefined;
  return name === 'templates' ? 'the templates of a Helm chart; render them first' : 'part of a Helm chart';
}

/** Nothing in a file of a folder is meant as a Kubernetes object. */
export function isForeign(value: unknown): boolean {
  return !isObject(value) || !Object.keys(value).some((key) => MANIFEST_FIELD.test(key));
}

const MANIFEST_FIELD = /^(?:api_?version|kind|metadata|spec)$/i;
