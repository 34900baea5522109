// Dapr's sidecar injector and resiliency parser, asked through their own Go packages.
import { daprBinary } from './binaries';
import { LineJudge } from './line-judge';
import type { KubeObject } from '../../testbed';

export interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly resources?: unknown;
}

export interface Pod extends KubeObject {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly (Container & { readonly restartPolicy?: string })[];
    readonly terminationGracePeriodSeconds?: number;
  };
}

export interface DaprAnswer {
  readonly error: string;
  /** The pod with its sidecar; absent when Dapr leaves it alone. */
  readonly pod?: Pod;
  /** Annotations that Dapr does not know, or cannot read. */
  readonly ignored: readonly string[];
}

export type DaprJudge = LineJudge<{ readonly pod: Pod } | { readonly resiliency: KubeObject }, DaprAnswer>;

export async function daprJudge(): Promise<DaprJudge> {
  return new LineJudge(await daprBinary());
}

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: Pod['spec'];
}

/** Where each kind keeps its pod template. */
const TEMPLATES: Record<string, (spec: Record<string, unknown>) => unknown> = {
  Deployment: ({ template }) => template,
  StatefulSet: ({ template }) => template,
  Job: ({ template }) => template,
  ScaledJob: ({ jobTargetRef }) => (jobTargetRef as { template: unknown }).template,
  // Not the core/v1 kind: that one has no template.
  Service: ({ template }) => template && withoutRevisionFields(template as Template),
};

/** A Knative revision is a pod spec with fields of its own in it. */
function withoutRevisionFields({ metadata, spec }: Template): Template {
  const own = ['containerConcurrency', 'timeoutSeconds', 'responseStartTimeoutSeconds', 'idleTimeoutSeconds'];
  return { metadata, spec: Object.fromEntries(Object.entries(spec).filter(([field]) => !own.includes(field))) as unknown as Pod['spec'] };
}

/** The pod that a workload makes, as Dapr's webhook sees it. */
export function podOf({ kind, metadata, spec }: KubeObject): Pod | undefined {
  const template = TEMPLATES[kind]?.((spec ?? {}) as Record<string, unknown>) as Template | undefined;
  if (!template) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: `${metadata.name}-0`, namespace: metadata.namespace },
    spec: template.spec,
  };
}

/** The sidecar of an injected pod, its flags as daprd reads them. */
export interface Sidecar {
  readonly container: Container;
  readonly flags: Readonly<Record<string, string>>;
}

/** A native one is among the init containers, and always restarts. */
export function sidecarOf({ spec: { containers, initContainers = [] } }: Pod): Sidecar | undefined {
  const native = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const container = [...containers, ...native].find(({ name }) => name === 'daprd');
  return container && { container, flags: flagsOf(container.args ?? []) };
}

/** `--name value`, `--name=value`, or `--name` alone. */
function flagsOf(args: readonly string[]): Record<string, string> {
  const flags: Record<string, string> = {};
  args.forEach((arg, index) => {
    if (!arg.startsWith('--')) return;
    const [name, value] = arg.slice(2).split('=', 2);
    const next = args[index + 1];
    flags[name] = value ?? (next === undefined || next.startsWith('--') ? 'true' : next);
  });
  return flags;
}
