// What is wrong with a user's own policies (docs/spec M108).
import { Duration } from 'cdk8s';
import { FunctionInput, FunctionOutput, OpenFunctionAppProps, Resiliency, TimeLimit } from '../../../src';
import { existing } from '../../support/existing-component';
import { problemsOf, synthProps } from '../../support/synth';

const bus = existing('bus', 'pubsub.kafka');
const cron = existing('clock', 'bindings.cron');
const web = existing('web', 'bindings.http');
const synth = (props: Partial<OpenFunctionAppProps>) => synthProps({ name: 'fn', image: 'i', ...props });
const warnings = (props: Partial<OpenFunctionAppProps>) => synth(props).fn.report.warnings;
const input = (resiliency: Resiliency, topic = 't') => FunctionInput.fromTopic(bus, topic, { resiliency });
const tick = (resiliency: Resiliency) => FunctionInput.fromBinding(cron, { resiliency });
const call = (resiliency: Resiliency) => FunctionOutput.toBinding(web, { operation: 'post', resiliency });

describe('a policy for inbound events', () => {
  test('that never tries again is a warning, since the proxy cannot always deliver at once', () => {
    expect(warnings({ inputs: [input({ retry: { maxRetries: 0 } })] })).toEqual([
      'warning: inputs[0].resiliency.retry.maxRetries: 0 makes Dapr drop or dead-letter an event that the proxy cannot deliver at once',
    ]);
    expect(warnings({ inputs: [input({ retry: { maxRetries: 1 } })] })).toEqual([]);
    expect(warnings({ inputs: [input({ retry: {} })] })).toEqual([]);
  });

  test.each<[string, OpenFunctionAppProps['proxy'], number, string[]]>([
    ['as long as the hold', {}, 60, ['60s also runs while the proxy holds an event for which no pod is there, which it does for up to 60 s; give more, or a shorter proxy.holdTimeout']],
    ['longer than the hold', {}, 61, []],
    ['longer than a shorter hold', { holdTimeout: TimeLimit.of(Duration.seconds(10)) }, 11, []],
    ['shorter than a longer hold', { holdTimeout: TimeLimit.of(Duration.seconds(100)) }, 61,
      ['61s also runs while the proxy holds an event for which no pod is there, which it does for up to 100 s; give more, or a shorter proxy.holdTimeout']],
  ])('whose timeout is %s', (_what, proxy, seconds, expected) => {
    expect(warnings({ inputs: [input({ timeout: Duration.seconds(seconds) })], proxy })).toEqual(expected.map((text) => `warning: inputs[0].resiliency.timeout: ${text}`));
  });

  test('whose timeout ends a hold without end', () => {
    expect(warnings({ inputs: [tick({ timeout: Duration.hours(1) })] })).toEqual([
      'warning: inputs[0].resiliency.timeout: 3600s also runs while the proxy holds an event for which no pod is there, which it does without end; '
      + 'give more, or a shorter proxy.holdTimeout',
    ]);
  });

  test('is not looked at where the function has its own sidecar', () => {
    const inputs = [input({ timeout: Duration.seconds(1), retry: { maxRetries: 0 } })];
    expect(warnings({ inputs, annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } })).toEqual([]);
  });

  test('must agree with another one of the same component', () => {
    const other = input({ retry: { maxRetries: 4 } }, 'u');
    expect(problemsOf(() => synth({ inputs: [input({ retry: { maxRetries: 3 } }), other] }))).toEqual([
      'inputs[1].resiliency: differs from another one of "bus"; Dapr has one for each component and direction',
    ]);
    expect(warnings({ inputs: [input({ retry: { maxRetries: 4 } }), other, FunctionInput.fromTopic(bus, 'v')] })).toEqual([]);
  });
});

describe('policies of both directions', () => {
  test('have whole numbers', () => {
    const outputs = [call({ retry: { maxRetries: 1.5 }, circuitBreaker: { maxRequests: -1 }, timeout: Duration.millis(0) })];
    expect(problemsOf(() => synth({ inputs: [input({ retry: { maxRetries: -2 } })], outputs }))).toEqual([
      'inputs[0].resiliency.retry.maxRetries: -2 is not a number of 0 or more; leave it out for retries without limit',
      'outputs[0].resiliency.circuitBreaker.maxRequests: -1 is not a whole number from 1 on',
      'outputs[0].resiliency.retry.maxRetries: 1.5 is not a number of 0 or more; leave it out for retries without limit',
      'outputs[0].resiliency.timeout: must be above 0',
    ]);
  });

  test('have no effect without Dapr', () => {
    const outputs = [call({ retry: { maxRetries: 0 } })];
    expect(warnings({ outputs, annotations: { 'openfunction.io/enable-dapr': 'false' } })).toEqual([
      'warning: outputs[0].resiliency: has no effect on a function that does not use Dapr',
    ]);
    expect(warnings({ outputs })).toEqual([]);
  });
});
