/** What is found among manifests and is for other tools: kustomize, Helm, SOPS and their like. */
import { KUSTOMIZATION } from './kustomization';
import { isObject } from '../kubernetes/json';

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
