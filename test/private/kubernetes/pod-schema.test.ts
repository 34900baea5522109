import { checkStructure } from '../../../src/private/kubernetes/pod-schema';
import { formatProblem, Problems } from '../../../src/private/problem/problem';

function check(value: object): string[] {
  const problems = new Problems();
  checkStructure(value as Parameters<typeof checkStructure>[0], 'PodSpec', ['pod'], problems);
  return problems.all.map(formatProblem);
}

const container = (fields: object) => ({ containers: [{ name: 'c', ...fields }] });

describe('a pod template', () => {
  test('of many fields and all types is accepted', () => {
    expect(check({
      containers: [{
        name: 'function',
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
        resources: { limits: { cpu: 1, memory: '64Mi' }, requests: { 'cpu': '100m', 'memory': '1e6', 'ephemeral-storage': '+1.5Gi' } },
        livenessProbe: { httpGet: { port: 'http', path: '/' }, initialDelaySeconds: 5 },
        readinessProbe: { tcpSocket: { port: 8080 } },
        securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
      }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      volumes: [{ name: 'v', emptyDir: {} }, { name: 'w', ephemeral: { volumeClaimTemplate: { metadata: { creationTimestamp: '2001-01-01T00:00:00Z' }, spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } } } } }],
      terminationGracePeriodSeconds: 30,
      hostNetwork: false,
      affinity: null,
    })).toEqual([]);
  });

  test.each([
    ['a field that does not exist', { container: [] }, ['pod.container: unknown field; did you mean "containers"?']],
    ['a nested field that does not exist', container({ resorces: {} }), ['pod.containers[0].resorces: unknown field; did you mean "resources"?']],
    ['a name of Object.prototype', { toString: 1 }, ['pod.toString: unknown field']],
    ['a list that is an object', { containers: {} }, ['pod.containers: must be a list, got {}']],
    ['an item that is a word', { containers: ['x'] }, ['pod.containers[0]: must be an object, got "x"']],
    ['a string that is a boolean', container({ image: true }), ['pod.containers[0].image: must be a string, got true; quote it: "true"']],
    ['an integer in quotes', { terminationGracePeriodSeconds: '30' }, ['pod.terminationGracePeriodSeconds: must be an integer, got "30"; remove the quotes']],
    ['an integer with a fraction', { terminationGracePeriodSeconds: 1.5 }, ['pod.terminationGracePeriodSeconds: must be an integer, got 1.5']],
    ['a boolean in quotes', { hostNetwork: 'true' }, ['pod.hostNetwork: must be true or false, got "true"; remove the quotes']],
    ['a boolean that is a word', { hostNetwork: 'yes' }, ['pod.hostNetwork: must be true or false, got "yes"']],
    ['a quantity that is none', container({ resources: { limits: { memory: '64 MB' } } }),
      ['pod.containers[0].resources.limits.memory: must be a quantity such as 1, "100m" or "64Mi", got "64 MB"']],
    ['a port that is an object', container({ livenessProbe: { tcpSocket: { port: {} } } }),
      ['pod.containers[0].livenessProbe.tcpSocket.port: must be an integer or a string, got {}']],
    ['a map with a number', { nodeSelector: { a: 1 } }, ['pod.nodeSelector.a: must be a string, got 1; quote it: "1"']],
    ['a map with null', { nodeSelector: { a: null } }, ['pod.nodeSelector.a: must not be null: remove the entry, or give it a value']],
    ['a map that is a list', { nodeSelector: [] }, ['pod.nodeSelector: must be an object, got []']],
  ])('with %s is rejected', (_, value, expected) => {
    expect(check(value)).toEqual(expected);
  });
});
