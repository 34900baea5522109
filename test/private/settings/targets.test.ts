// Versions that manifests are written for: what a setting may say, and what it is compared with (docs/spec M129).
import { readPlatform } from '../../../src/cli/platform';
import { formatProblem } from '../../../src/private/problem/problem';
import { merge } from '../../../src/private/settings/proxy';
import { reaches, targetOf, targetOption, TARGETS, titleOf } from '../../../src/private/settings/targets';

describe('a target', () => {
  test.each([
    ['kubernetes', '1.34'], ['kubernetes', 'v1.28.0'], ['dapr', '1.16.2'], ['keda', '2.17'], ['kedaHttp', '0.8.0'], ['gatewayApi', '1.6.1'],
  ])('%s may be %s', (name, version) => {
    const { platform, problems } = readPlatform({ targets: { [name]: version } });
    expect([platform.targets, problems]).toEqual([{ [name]: version }, []]);
  });

  test.each<[string, unknown, string]>([
    ['kubernetes', '1.27', '"1.27" is outside 1.28 to 1.35 of Kubernetes'],
    ['kubernetes', '1.36.0', '"1.36.0" is outside 1.28 to 1.35 of Kubernetes'],
    ['dapr', '1.9', '"1.9" is outside 1.16 to 1.18 of Dapr'],
    ['keda', 'latest', '"latest" is not a version such as "2.21"; give one from 2.17 to 2.21 of KEDA'],
    ['kedaHttp', '0', '"0" is not a version such as "0.15"; give one from 0.8 to 0.15 of the HTTP add-on of KEDA'],
    ['knative', 1.2, 'must be a string, got 1.2; put it in quotes'],
    ['gatewayApi', '2.0', '"2.0" is outside 1.3 to 1.6 of the Gateway API'],
    ['istio', '1.2', 'unknown field'],
  ])('%s cannot be %j', (name, version, message) => {
    const { platform, problems } = readPlatform({ targets: { [name]: version } });
    expect([platform.targets, problems.map(formatProblem)]).toEqual([{}, [`targets.${name}: ${message}`]]);
  });

  test.each<[string, string, boolean]>([
    ['2.17', '2.17.1', false], ['2.17.1', '2.17.1', true], ['v2.17.2', '2.17.1', true], ['2.9', '2.17', false], ['2.21', '2.3', true], ['3.0', '2.21.9', true],
  ])('%s reaches %s: %s', (given, version, expected) => {
    expect(reaches({ keda: given }, 'keda', version)).toBe(expected);
  });

  test('that is not given is the newest', () => {
    expect(targetOf(undefined, 'keda')).toBe(TARGETS.keda.newest);
    expect(titleOf({ dapr: 'v1.17' }, 'dapr')).toBe('Dapr 1.17');
  });

  test('of the command line has a name and a version', () => {
    expect(targetOption('keda=2.17')).toEqual(['keda', '2.17']);
    const form = 'give <name>=<version>, with a name of kubernetes, dapr, keda, kedaHttp, knative, gatewayApi';
    expect(['keda', 'keda=', 'istio=1.2', 'keda=2.1'].map(targetOption)).toEqual([form, form, form, '"2.1" is outside 2.17 to 2.21 of KEDA']);
  });
});

test('targets of several places are merged one by one, and the nearest wins', () => {
  expect(merge({ targets: { keda: '2.17', dapr: '1.16' } }, { targets: { keda: '2.20' } })).toEqual({ targets: { keda: '2.20', dapr: '1.16' } });
});
