/** A report → lines for people. */
import type { FunctionReport } from '../../function-report';

export function textOf(report: FunctionReport): string {
  const { namespace, name, daprMode, daprReason, sidecars, pendingEvents, objects, warnings } = report;
  const { requiredApis, knativeFeatures, prerequisites, podSecurity, notes } = report;
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
    ...podSecurity.map(({ role, level, breaches }) => (
      // What keeps most pods from the restricted level is the same everywhere, and one setting adds it.
      `  pod security of the ${role}: ${level}${level === 'privileged' ? `, since ${breaches.join(', ')}` : ''}`)),
    ...section('objects', objects.map((object) => `${object.kind} ${object.name} (${object.apiVersion})`)),
    ...section('needs from the cluster', needs),
    ...section('worth knowing', notes),
    ...section('warnings', warnings),
  ].map((line) => `${line}\n`).join('');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}
