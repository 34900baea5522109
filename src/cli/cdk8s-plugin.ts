/**
 * A validation plugin of cdk8s-cli: the findings of `validate` about the manifests of an app.
 *
 * Of what cdk8s-cli gives, only the members below are used, so that the package does not depend on it.
 */
import { evaluate } from './input';
import type { Judged } from './print';
import { isObject } from '../private/kubernetes/json';
import { formatPath, Problem } from '../private/problem/problem';

interface ValidationContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata: Record<string, string>): void;
  };
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/** `properties:` of the plugin in `cdk8s.yaml`, as the options of `validate`. */
export interface OpenFunctionValidationProperties {
  readonly platform?: string;
  readonly namespace?: string;
  readonly strict?: boolean;
}

export class OpenFunctionValidation {
  public constructor(private readonly properties: OpenFunctionValidationProperties = {}) {}

  public async validate({ manifests, report }: ValidationContext): Promise<void> {
    if (manifests.length === 0) return report.submit('success', { Summary: 'no manifests' });
    const { judged, errors, summary } = evaluate(manifests, this.properties).verdict;
    for (const each of judged) each.problems.forEach((problem) => report.addViolation(violationOf(problem, each)));
    return report.submit(errors.length > 0 ? 'failure' : 'success', { Summary: summary });
  }
}

function violationOf({ severity, path, message, position }: Problem, { source }: Judged): Violation {
  const { metadata } = isObject(source?.value) ? source.value : {};
  const name = isObject(metadata) && typeof metadata.name === 'string' ? metadata.name : undefined;
  const file = source?.file ?? position?.file ?? '';
  const [what, ...advice] = message.split('; ');
  const field = formatPath(path);
  return {
    ruleName: field,
    recommendation: severity === 'warning' ? `warning: ${what}` : what,
    fix: advice.length > 0 ? advice.join('; ') : `change ${field}`,
    violatingResources: [{
      resourceName: name ?? file,
      locations: [position === undefined ? field : `${position.line}:${position.column} ${field}`],
      manifestPath: file,
    }],
  };
}
