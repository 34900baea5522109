// What options of fromManifest and its kin replace (docs/spec M16b).
import { OpenFunctionApp } from '../src';
import { v1beta1, v1beta2 } from './support/functions';
import { newChart, podTemplate, problemsOf, synthManifest } from './support/synth';

test.each([['v1beta1', v1beta1], ['v1beta2', v1beta2]])('options replace the image and the variables of a %s manifest', (_version, make) => {
  const manifest = make({ params: { A: '1', B: '2' } });
  const { objects } = synthManifest(manifest, { image: 'acme/new:2', env: { B: '3', C: '4' } } as object);
  const [{ image, env }] = podTemplate(objects, 'fn').spec.containers;
  const own = env.filter(({ name }) => ['A', 'B', 'C'].includes(String(name)));
  expect([image, own]).toEqual(['acme/new:2', [{ name: 'A', value: '1' }, { name: 'B', value: '3' }, { name: 'C', value: '4' }]]);
});

test('what options replace is checked like what the manifest says', () => {
  const replaced = (options: object) => problemsOf(() => OpenFunctionApp.fromManifest(newChart().chart, 'fn', v1beta2(), options));
  expect(replaced({ image: '' })).toEqual(['image: must not be empty']);
  expect(replaced({ env: { FUNC_CONTEXT: '' } })).toEqual([
    'serving.params.FUNC_CONTEXT: "FUNC_CONTEXT" is set by the library; choose another name',
  ]);
});
