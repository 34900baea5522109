/** What the cluster needs, once for all functions of a report. */
import type { FunctionReport } from '../../function-report';

/** Versions first, then APIs, feature flags and the rest. */
const KINDS: readonly ((report: FunctionReport) => string[])[] = [
  ({ targets }) => targets.map((version) => `objects written for ${version}`),
  ({ requiredApis }) => requiredApis.map((api) => `the API ${api}`),
  ({ knativeFeatures }) => knativeFeatures.map((flag) => `the Knative feature flag ${flag}`),
  ({ prerequisites }) => prerequisites,
];

const MANY_NAMES = 3;

/** Each with the functions that need it, unless all do. */
export function needsOf(reports: readonly FunctionReport[]): string[] {
  return KINDS.flatMap((needs) => {
    const names = new Map<string, string[]>();
    for (const report of reports) {
      for (const need of needs(report)) {
        const known = names.get(need) ?? [];
        known.push(`${report.namespace}/${report.name}`);
        names.set(need, known);
      }
    }
    return [...names].map(([need, all]) => (all.length === reports.length ? need : `${need} (for ${listed(all)})`));
  });
}

function listed(names: readonly string[]): string {
  const more = names.length > MANY_NAMES ? ` and ${names.length - MANY_NAMES} more` : '';
  return `${names.slice(0, MANY_NAMES).join(', ')}${more}`;
}
