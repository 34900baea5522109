import { changedFields } from '../../../src/cli/diff/fields';
import { whyReplaced } from '../../../src/cli/diff/replaced';
import { fieldLine } from '../../../src/cli/diff/words';
import type { Json } from '../../../src/private/kubernetes/json';

describe('changed fields', () => {
  test.each([
    ['equal values', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', old: 1, new: 2 }]],
    ['a key that needs quotes', { 'x/y': 1 }, {}, [{ path: '["x/y"]', old: 1 }]],
    ['null is a value', { a: null }, {}, [{ path: 'a', old: null }]],
    ['another type', { a: [1] }, { a: { b: 1 } }, [{ path: 'a', old: [1], new: { b: 1 } }]],
    ['items without names, by place', { a: [1, 2] }, { a: [1, 3, 4] }, [{ path: 'a[1]', old: 2, new: 3 }, { path: 'a[2]', new: 4 }]],
    ['items with names, by name', { a: [{ name: 'x', v: 1 }, { name: 'y' }] }, { a: [{ name: 'z' }, { name: 'x', v: 2 }] },
      [{ path: 'a[x].v', old: 1, new: 2 }, { path: 'a[y]', old: { name: 'y' } }, { path: 'a[z]', new: { name: 'z' } }]],
    ['the order of items with names', { a: [{ name: 'x' }, { name: 'y' }] }, { a: [{ name: 'y' }, { name: 'x' }] }, [{ path: 'a, order', old: ['x', 'y'], new: ['y', 'x'] }]],
    ['two items of one name, by place', { a: [{ name: 'x' }, { name: 'x' }] }, { a: [{ name: 'x' }] }, [{ path: 'a[1]', old: { name: 'x' } }]],
  ])('%s', (_, before, after, changes) => {
    expect(changedFields(before as Json, after as Json)).toEqual(changes);
  });

  test('of long texts show what surrounds the first difference', () => {
    const long = (middle: string) => `${'a'.repeat(100)}${middle}${'z'.repeat(100)}`;
    expect(fieldLine({ path: 'p', old: long('1'), new: long('2') })).toBe(`p: "…${'a'.repeat(15)}1${'z'.repeat(44)}…" → "…${'a'.repeat(15)}2${'z'.repeat(44)}…"`);
    expect(fieldLine({ path: 'p', old: 'x', new: 'y' })).toBe('p: "x" → "y"');
  });
});

describe('an object must be replaced', () => {
  const object = (kind: string, rest: object) => ({ apiVersion: 'x/v1', kind, metadata: { name: 'a' }, ...rest });
  test.each([
    ['Deployment', { spec: { selector: { a: 1 } } }, { spec: { selector: { a: 2 } } }, 'spec.selector.a cannot change'],
    ['Deployment', { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, undefined],
    ['StatefulSet', { spec: { serviceName: 'a' } }, { spec: { serviceName: 'b' } }, 'spec.serviceName cannot change'],
    ['StatefulSet', { spec: { template: 1 } }, { spec: { template: 2 } }, undefined],
    ['Job', { spec: { template: 1 } }, { spec: { template: 2 } }, 'spec.template cannot change'],
    ['Job', { spec: { parallelism: 1 } }, { spec: { parallelism: 2 } }, undefined],
    ['ConfigMap', { data: { a: '1' } }, { data: { a: '2' } }, undefined],
    ['ConfigMap', { data: { a: '1' }, immutable: true }, { data: { a: '2' }, immutable: true }, 'data.a cannot change'],
    ['ConfigMap', { data: { a: '1' }, immutable: true }, { data: { a: '1' } }, 'immutable cannot change'],
    ['ConfigMap', { data: { a: '1' } }, { data: { a: '2' }, immutable: true }, undefined],
    ['DaemonSet', { spec: { selector: { a: 1 } } }, { spec: { selector: { a: 2 } } }, 'spec.selector.a cannot change'],
    ['PersistentVolumeClaim', { spec: { storageClassName: 'a' } }, { spec: { storageClassName: 'b' } }, 'spec.storageClassName cannot change'],
    ['StorageClass', { provisioner: 'a' }, { provisioner: 'b' }, 'provisioner cannot change'],
    ['Secret', { type: 'a' }, { type: 'b' }, 'type cannot change'],
    ['RoleBinding', { roleRef: { name: 'a' } }, { roleRef: { name: 'b' } }, 'roleRef.name cannot change'],
    ['Service', { spec: { clusterIP: 'None' } }, { spec: {} }, 'spec.clusterIP cannot change'],
    ['Other', { spec: 1 }, { spec: 2 }, undefined],
  ])('%s %j → %j: %s', (kind, before, after, why) => {
    expect(whyReplaced(object(kind, before), object(kind, after))).toBe(why);
  });
});
