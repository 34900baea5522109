/** A report → lines for people. */
import type { FunctionReport } from '../../function-report';

export function textOf(report: FunctionReport): string {
  const { namespace, name, daprMode, daprReason, sidecars, pendingEvents, objects, warnings } = report;
  const { requiredApis, knativeFeatures, prerequisites } = report;
  const needs = [
    ...(requiredApis.length > 0 ? [`the APIs ${requiredApis.join(', ')}`] : []),
    ...(knativeFeatures.length > 0 ? [`the Knative feature flags ${knativeFeatures.join(', ')}`] : []),
    ...prerequisites,
  ];
  return [
    `${namespace}/${name}`,
    `  Dapr: ${daprMode}, since ${daprReason}`,
    `  sidecars at maximum scale: ${sidecars}`,
    `  scaling on pending events: ${pendingEvents}`,
    ...section('objects', objects.map((object) => `${object.kind} ${object.name} (${object.apiVersion})`)),
    ...section('needs from the cluster', needs),
    ...section('warnings', warnings),
  ].map((line) => `${line}\n`).join('');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}
