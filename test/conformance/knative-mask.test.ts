// src/private/decide/knative-mask.json, field by field, against Knative's own validation.
import { stopAll } from '../testbed';
import { enabled, knativeJudge, type KnativeAnswer, type KnativeJudge } from './judges/knative';
import { allFlags, knativeMask, podSchema } from './model/mask';
import { knativeService, PLACES, podWith, type Fields } from './model/samples';

let judge: KnativeJudge;
beforeAll(async () => { judge = await knativeJudge(); });
afterAll(async () => {
  judge.close();
  await stopAll();
});

const ask = (pod: Fields, flags: Iterable<string>): Promise<KnativeAnswer> =>
  judge.ask({ service: knativeService(pod), features: enabled(flags) });

const container = (fields: Fields): Fields => ({ name: 'function', image: 'example.com/function:v1', ...fields });
const rows = Object.keys(knativeMask.fields).flatMap((structure) =>
  Object.keys(podSchema[structure]).map((field) => ({ name: `${structure}.${field}`, structure, field, need: knativeMask.fields[structure][field] })));

test('the mask names fields that exist', () => {
  const unknown = Object.entries(knativeMask.fields).flatMap(([structure, fields]) =>
    Object.keys(fields).filter((field) => !(field in (podSchema[structure] ?? {}))).map((field) => `${structure}.${field}`));
  expect(unknown).toEqual([]);
});

describe('a field that the mask takes', () => {
  test.each(rows.filter(({ need }) => need === true))('$name is accepted by a stock Knative', async ({ structure, field }) => {
    expect((await ask(podWith(structure, field), PLACES[structure].flags ?? [])).errors).toEqual([]);
  });
});

describe('a field behind a flag', () => {
  test.each(rows.filter(({ need }) => typeof need === 'string'))('$name needs $need', async ({ structure, field, need }) => {
    const pod = podWith(structure, field);
    const place = PLACES[structure].flags ?? [];
    const others = allFlags.filter((flag) => flag !== need);
    expect((await ask(pod, [...place, need as string])).errors).toEqual([]);
    expect((await ask(pod, others)).errors).not.toEqual([]);
  });
});

describe('a field outside the mask', () => {
  test.each(rows.filter(({ need }) => need === undefined))('$name is refused whatever the flags', async ({ structure, field }) => {
    const { errors } = await ask(podWith(structure, field), allFlags);
    expect(errors.join('\n')).toContain(field);
  });
});

describe('values', () => {
  test.each(knativeMask.reservedPorts)('port %i is refused', async (containerPort) => {
    expect((await ask({ containers: [container({ ports: [{ containerPort }] })] }, allFlags)).errors.join()).toContain('is a reserved port');
  });

  test('every other port from 8000 to 9200 is accepted', async () => {
    const ports = Array.from({ length: 1201 }, (_, index) => 8000 + index).filter((port) => !knativeMask.reservedPorts.includes(port));
    const answers = await Promise.all(ports.map((containerPort) => ask({ containers: [container({ ports: [{ containerPort }] })] }, [])));
    expect(ports.filter((_, index) => answers[index].errors.length > 0)).toEqual([]);
  });

  test('only the listed port names and protocols are accepted', async () => {
    const port = async (fields: Fields): Promise<boolean> =>
      (await ask({ containers: [container({ ports: [{ containerPort: 8080, ...fields }] })] }, allFlags)).errors.length === 0;
    for (const name of knativeMask.portNames) expect(await port({ name })).toBe(true);
    for (const protocol of knativeMask.portProtocols) expect(await port({ protocol })).toBe(true);
    for (const name of ['http', 'grpc', 'function-port']) expect(await port({ name })).toBe(false);
    for (const protocol of ['UDP', 'SCTP']) expect(await port({ protocol })).toBe(false);
  });

  test('reserved environment names are refused, fewer of them beside the serving container', async () => {
    const refused = async (of: (env: Fields[]) => Fields): Promise<string[]> => {
      const answers = await Promise.all(knativeMask.reservedEnv.map((name) => ask(of([{ name, value: 'v' }]), allFlags)));
      return knativeMask.reservedEnv.filter((_, index) => answers[index].errors.length > 0);
    };
    const serving = container({ ports: [{ containerPort: 8080 }] });
    const other = { name: 'other', image: 'example.com/other:v1' };
    expect(await refused((env) => ({ containers: [container({ env })] }))).toEqual(knativeMask.reservedEnv);
    expect(await refused((env) => ({ containers: [serving, { ...other, env }] }))).toEqual(knativeMask.reservedEnvOfOtherContainers);
    expect(await refused((env) => ({ containers: [serving], initContainers: [{ ...other, env }] })))
      .toEqual(knativeMask.reservedEnvOfOtherContainers);
  });

  test.each(knativeMask.reservedContainerNames)('a container cannot be named %s', async (name) => {
    expect((await ask({ containers: [container({ name })] }, allFlags)).errors.join()).toContain('is a reserved container name');
  });

  test.each(knativeMask.reservedMountPaths)('nothing is mounted at %s', async (mountPath) => {
    const pod = { containers: [container({ volumeMounts: [{ name: 'v', mountPath }] })], volumes: [{ name: 'v', emptyDir: {} }] };
    expect((await ask(pod, allFlags)).errors.join()).toContain('is a reserved path');
  });

  test.each(Object.entries(knativeMask.onlyFalse).flatMap(([structure, fields]) => fields.map((field) => [structure, field])))(
    '%s.%s may be false, not true', async (structure, field) => {
      expect((await ask(PLACES[structure].pod({ [field]: false }), [])).errors).toEqual([]);
      expect((await ask(PLACES[structure].pod({ [field]: true }), allFlags)).errors.join()).toContain(field);
    });

  test.each(Object.entries(knativeMask.absentWhenFalse).flatMap(([structure, fields]) => fields.map((field) => [structure, field])))(
    '%s.%s is as good as absent when it is false, and needs no flag then', async (structure, field) => {
      expect((await ask(PLACES[structure].pod({ [field]: false }), [])).errors).toEqual([]);
      expect((await ask(PLACES[structure].pod({ [field]: true }), [])).errors.join()).toContain(field);
    });

  test('a claim that may be written needs a second flag', async () => {
    const pod = {
      containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
    };
    const claim = knativeMask.fields.Volume.persistentVolumeClaim as string;
    expect((await ask(pod, [claim, knativeMask.writablePersistentVolumeClaim])).errors).toEqual([]);
    expect((await ask(pod, [claim])).errors.join()).toContain('Persistent volume write support is disabled');
  });

  test.each(Object.entries(knativeMask.sidecarProbes))('%s of another container needs %s', async (probe, flag) => {
    const other = { name: 'other', image: 'example.com/other:v1', [probe]: { httpGet: { port: 1234 } } };
    const pod = { containers: [container({ ports: [{ containerPort: 8080 }] }), other] };
    expect((await ask(pod, [flag])).errors).toEqual([]);
    expect((await ask(pod, allFlags.filter((each) => each !== flag))).errors.join()).toContain(probe);
  });

  test.each(knativeMask.initContainerRefused)('%s of an init container is refused', async (probe) => {
    const init = { name: 'init', image: 'example.com/init:v1', [probe]: { httpGet: { port: 1234 } } };
    expect((await ask({ containers: [container({})], initContainers: [init] }, allFlags)).errors.join()).toContain(probe);
  });

  test('mounts of the listed volumes become read-only, others stay as they are', async () => {
    const sources = Object.keys(knativeMask.fields.Volume).filter((source) => source !== 'name');
    const readOnly = await Promise.all(sources.map(async (source) => {
      const { defaulted } = await ask(podWith('Volume', source), allFlags);
      const writable = JSON.parse(JSON.stringify(defaulted).replaceAll('"readOnly":true', '"readOnly":false')) as { spec: { template: { spec: Fields } } };
      const again = await ask(writable.spec.template.spec, allFlags);
      return JSON.stringify(again.defaulted).includes('"mountPath":"/v","readOnly":true') || JSON.stringify(again.defaulted).includes('"readOnly":true,"mountPath":"/v"');
    }));
    expect(sources.filter((_, index) => readOnly[index])).toEqual(knativeMask.readOnlyVolumes);
  });

  test('mounts are propagated in the listed ways only', async () => {
    const accepted = await Promise.all(['Bidirectional', 'HostToContainer', 'None'].map(async (mountPropagation) =>
      (await ask(PLACES.VolumeMount.pod({ mountPropagation }), allFlags)).errors.length === 0 ? mountPropagation : undefined));
    expect(accepted.filter(Boolean)).toEqual(knativeMask.mountPropagations);
  });

  test('a volume that no container mounts is refused', async () => {
    expect((await ask({ containers: [container({})], volumes: [{ name: 'v', emptyDir: {} }] }, allFlags)).errors.join()).toContain('not mounted');
  });
});
