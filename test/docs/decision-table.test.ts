// The decision tables of the pages, row by row.
import { Testing, Chart } from 'cdk8s';
import { tableOf } from './markdown';
import { OpenFunctionApp } from '../../src';

const ENABLE = '`openfunction.io/enable-dapr`';
const MODE = '`openfunction.io/dapr-service-mode`';
const RESULTS: Record<string, string> = { 'dapr-proxy': 'standalone', 'dapr-sidecar': 'sidecar', 'neither': 'off' };

describe.each(['README.md', 'docs/concepts/dapr-mode.md'])('the decision table of %s', (page) => {
  const rows = tableOf(page, ENABLE, MODE);

  test('has a row for each value of the first annotation', () => {
    expect(new Set(rows.map(([enable]) => enable))).toEqual(new Set(['`"true"`', '`"false"`', 'unset']));
  });

  test.each(rows.flatMap((row) => casesOf(row)))('%s | %s | defines %s: %s', (enable, mode, defines, result) => {
    const annotations = {
      ...(enable !== 'unset' && { 'openfunction.io/enable-dapr': unquoted(enable) }),
      ...(mode !== 'unset' && { 'openfunction.io/dapr-service-mode': unquoted(mode) }),
    };
    const outputs = defines === 'something' ? [{ dapr: { name: 'queue', type: 'bindings.kafka' } }] : undefined;
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', {
      apiVersion: 'core.openfunction.io/v1beta2',
      kind: 'Function',
      metadata: { name: 'fn' },
      spec: { image: 'acme/fn:1', serving: { annotations, ...(outputs && { outputs }) } },
    });
    expect(fn.daprMode).toBe(RESULTS[result]);
  });
});

/** `any` in a cell stands for every value. */
function casesOf([enable, modes, defines, result]: string[]): [string, string, string, string][] {
  const all = (cell: string, values: string[]): string[] => (cell === 'any' ? values : cell.split(' or '));
  const mode = all(modes, ['`"standalone"`', '`"sidecar"`', 'unset']);
  const what = all(defines, ['something', 'nothing']);
  return mode.flatMap((each) => what.map((one): [string, string, string, string] => [enable, each, one, result.replaceAll('*', '')]));
}

function unquoted(cell: string): string {
  return cell.replaceAll(/[`"]/g, '');
}
