// What a program reads of an error, in TypeScript from the error, elsewhere from its message.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Chart } from 'cdk8s';
import { FunctionInput, FunctionOutput, OpenFunctionApp, ProblemFindings, ProblemSeverity } from '../src';
import { existing } from './support/existing-component';
import { v1beta2 } from './support/functions';
import { newChart, problemsOf, synthChart, synthManifest, synthProps } from './support/synth';
import { ProblemsError } from '../src/private/problem/problem';

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const ERROR = ProblemSeverity.ERROR;

test('the findings of typed props have path, message and severity, in the order of the message', () => {
  const error = errorOf(() => synthProps({ image: '', annotations: { 'dapr.io/app-port': '1: x', 'openfunction.io/enable-dapr': 'a: b' } }));
  expect(ProblemFindings.of(error)).toEqual([
    { where: 'chart/fn', path: 'annotations["dapr.io/app-port"]', message: '"1: x" is not the port of the function, 8080; leave the annotation out', severity: ERROR },
    { where: 'chart/fn', path: 'annotations["openfunction.io/enable-dapr"]', message: '"a: b" is not one of "true", "false"', severity: ERROR },
    { where: 'chart/fn', path: 'image', message: 'must not be empty', severity: ERROR },
  ]);
});

test('those of a file have file, line and column', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'findings-'));
  const file = path.join(folder, 'fn.yaml');
  writeFileSync(file, `${JSON.stringify(v1beta2({ triggers: { http: { port: 70000 } } }))}\n`);
  const error = errorOf(() => synthChart(Chart.of(OpenFunctionApp.fromYamlFile(newChart().chart, 'fn', file))));
  rmSync(folder, { recursive: true });
  expect(ProblemFindings.of(error)).toEqual([{
    where: 'chart/fn', path: 'serving.triggers.http.port', message: '70000 is outside 1..65535', severity: ERROR,
    file, line: 1, column: expect.any(Number) as number,
  }]);
});

test('several groups, warnings and the root are told apart, from the text that other languages get, too', () => {
  const { message } = new ProblemsError([
    { where: 'a', problems: [{ severity: 'warning', path: ['x', 0], message: 'm: n' }] },
    { where: 'b', problems: [{ severity: 'error', path: [], message: 'whole' }] },
  ]);
  const findings = [
    { where: 'a', path: 'x[0]', message: 'm: n', severity: ProblemSeverity.WARNING },
    { where: 'b', path: '.', message: 'whole', severity: ERROR },
  ];
  expect(ProblemFindings.of(message)).toEqual(findings);
  expect(ProblemFindings.of(`ProblemsError: ${message}`)).toEqual(findings);
  expect(ProblemFindings.of(`ProblemsError: ${message}\n@jsii/kernel.RuntimeError: ProblemsError: ${message}\n    at Kernel`)).toEqual(findings);
});

test.each([[new Error('other')], [undefined], [null], [''], [{ message: 'a: 1 problem' }]])('an error of another kind has none: %p', (error) => {
  expect(ProblemFindings.of(error)).toEqual([]);
});

test.each([-1, 1.5])('%d retries are refused, with the way to say "without limit"', (maxRetries) => {
  const resiliency = { retry: { maxRetries } };
  const input = FunctionInput.fromBinding(existing('q', 'bindings.kafka'), { resiliency });
  const output = FunctionOutput.toBinding(existing('q', 'bindings.kafka'), { resiliency });
  const why = `${maxRetries} is not a number of 0 or more; leave it out for retries without limit`;
  expect(problemsOf(() => synthProps({ image: 'i', inputs: [input], outputs: [output] }))).toEqual([
    `inputs[0].resiliency.retry.maxRetries: ${why}`, `outputs[0].resiliency.retry.maxRetries: ${why}`,
  ]);
  const { fn } = synthManifest(v1beta2());
  expect(problemsOf(() => fn.addOutput(output))).toEqual([`outputs[0].resiliency.retry.maxRetries: ${why}`]);
});
