/** Reports → one Mermaid flow chart: a box for each function, its objects, and who depends on whom. */
import type { FunctionReport, ReportedObject } from '../../function-report';

type Edge = readonly [from: string, arrow: string, to: string];

export function mermaidOf(reports: readonly FunctionReport[]): string {
  return ['flowchart LR', ...reports.flatMap(box)].map((line) => `${line}\n`).join('');
}

function box({ namespace, name, daprMode, objects }: FunctionReport, number: number): string[] {
  const nodes = objects.map((object, index) => ({ ...object, id: `f${number}o${index}` }));
  const ids = (role: string) => nodes.filter((node) => node.role === role).map(({ id }) => id);
  return [
    `  subgraph f${number}["${namespace}/${name}, Dapr mode ${daprMode}"]`,
    ...nodes.map((node) => `    ${node.id}${shape(node)}`),
    ...edges(daprMode, ids).map(([from, arrow, to]) => `    ${from} ${arrow} ${to}`),
    '  end',
  ];
}

/** Names of Kubernetes hold nothing that Mermaid would read. */
function shape({ kind, name, role }: ReportedObject): string {
  const label = `"${kind}<br/>${name}"`;
  return role === 'component' ? `[(${label})]` : `[${label}]`;
}

function edges(daprMode: string, ids: (role: string) => string[]): Edge[] {
  const between = (from: string, arrow: string, to: string): Edge[] => (
    ids(from).flatMap((one) => ids(to).map((other): Edge => [one, arrow, other]))
  );
  // Whoever has the sidecar talks to the components.
  const withSidecar = daprMode === 'standalone' ? 'proxy' : 'workload';
  // A ScaledJob takes the place of the workload.
  const scaling = ids('scaler').length > 0 ? 'scaler' : 'workload';
  return [
    ...between('route', '-- requests -->', 'workload'),
    ...between('service', '-- address of -->', 'workload'),
    ...(daprMode === 'off' ? [] : between('component', '---', withSidecar)),
    ...between('resiliency', '-. retries .->', withSidecar),
    ...between('configuration', '-. rights .->', withSidecar),
    ...between('proxy', '-- events -->', 'workload'),
    ...between('workload', '-. Dapr API .->', 'proxy'),
    ...(ids('proxyService').length > 0 ? between('proxy', '-. pending events .->', scaling) : []),
    ...between('scaler', '-- scales -->', 'workload'),
    ...between('proxyService', '-- address of -->', 'proxy'),
    ...between('networkPolicy', '-. guards .->', 'proxy'),
    ...between('functionNetworkPolicy', '-. guards .->', 'workload'),
    ...between('disruptionBudget', '-. guards .->', 'proxy'),
    ...between('access', '-. rights .->', 'proxy'),
    ...between('bundle', '-. program .->', 'proxy'),
    ...between('referenceGrant', '-. allows .->', 'route'),
  ];
}
