// Labels, annotations and the function container, for every workload (docs/spec M24 to M42).
import { Duration } from 'cdk8s';
import { asyncFunction, IMAGE, v1beta1, v1beta2 } from '../../support/functions';
import { container, environment, one, podTemplate, problemsOf, proxyTemplate, StringMap, synthManifest, synthProps, Tree } from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const WORKLOADS: [string, (serving?: object, spec?: object, metadata?: object) => object][] = [
  ['Knative Service', (serving, spec, metadata) => v1beta2({ triggers: { http: {} }, ...serving }, spec, metadata)],
  ['Deployment of engine keda', (serving, spec, metadata) => v1beta2({ triggers: { http: { engine: 'keda' } }, ...serving }, spec, metadata)],
  ['async Deployment', (serving, spec, metadata) => asyncFunction({ ...OUTPUT, ...serving }, spec, metadata)],
  ['StatefulSet', (serving, spec, metadata) => asyncFunction({ workloadType: 'StatefulSet', ...serving }, spec, metadata)],
  ['Job', (serving, spec, metadata) => asyncFunction({ workloadType: 'Job', ...serving }, spec, metadata)],
  ['ScaledJob', (serving, spec, metadata) => asyncFunction({
    workloadType: 'Job', scaleOptions: { keda: { triggers: [{ type: 'x', metadata: {} }] } }, ...serving,
  }, spec, metadata)],
];

const podOf = (manifest: object, options = {}) => podTemplate(synthManifest(manifest, options).objects, 'fn');
const template = (fields: object, more: object = {}) => ({ template: { containers: [{ name: 'function', ...fields }], ...more } });

describe.each(WORKLOADS)('the pod of a %s', (kind, make) => {
  const knative = kind === 'Knative Service';
  const port = kind.includes('async') || kind.includes('Set') || kind.includes('Job') ? 8080 : 9000;
  const withPort = (serving: object = {}) => make(port === 9000 ? { triggers: { http: { port, engine: knative ? undefined : 'keda' } }, ...serving } : serving);

  test('has the labels of the function, and nothing else', () => {
    expect(podOf(make({}, { version: 'v1.0' })).metadata.labels).toEqual({
      'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn', 'app.kubernetes.io/version': 'v1.0',
    });
  });

  test('has serving.labels over them, as the workload does', () => {
    const { objects, fn } = synthManifest(make({ labels: { 'team': 'a', 'app.kubernetes.io/version': 'mine', 'openfunction.io/managed': 'no' } }));
    const expected = { 'openfunction.io/managed': 'no', 'openfunction.io/serving': 'fn', 'app.kubernetes.io/version': 'mine', 'team': 'a' };
    expect(podTemplate(objects, 'fn').metadata.labels).toEqual(expected);
    expect(one(objects, fn.workload.kind, fn.workload.name).metadata.labels).toEqual(expected);
  });

  test('has the annotations that Dapr reads, the port as text', () => {
    expect(podOf(withPort()).metadata.annotations).toEqual({
      'dapr.io/app-id': 'fn-ns',
      'dapr.io/log-as-json': 'true',
      'dapr.io/app-protocol': 'grpc',
      'dapr.io/app-port': String(port),
      ...(knative && { 'dapr.io/metrics-port': '19090' }),
      'dapr.io/enabled': 'false',
    });
  });

  test('has serving.annotations over them, but for dapr.io/enabled, which the decision alone makes', () => {
    const annotations = { ...SIDECAR.annotations, 'openfunction.io/enable-dapr': 'true', 'dapr.io/log-as-json': 'false', 'dapr.io/app-id': 'mine', 'dapr.io/enabled': 'false' };
    const { objects, fn } = synthManifest(make({ annotations }));
    expect(podTemplate(objects, 'fn').metadata.annotations).toMatchObject({ ...annotations, 'dapr.io/enabled': 'true' });
    expect(fn.report.warnings).toContain(
      'warning: serving.annotations["dapr.io/enabled"]: "false" has no effect; the Dapr mode of this function is "sidecar", so its pods get "true"; give openfunction.io/enable-dapr: "false" instead');
  });

  test('has the function container last, made from the image alone', () => {
    const { containers } = podOf(make({ template: { containers: [{ name: 'helper', image: 'h' }] }, ...SIDECAR })).spec;
    expect(containers.map(({ name }) => name)).toEqual(['helper', 'function']);
    const { env: _env, ...rest } = containers[1] as Tree & { env: Tree };
    expect(rest).toEqual({
      name: 'function', image: IMAGE, imagePullPolicy: 'IfNotPresent', ports: [knative ? { containerPort: 8080 } : { name: 'function-port', containerPort: 8080, protocol: 'TCP' }],
    });
  });

  test('has the function container of the template at its place, with the image of the function', () => {
    const containers = [{ name: 'function', args: ['x'], imagePullPolicy: 'Always' }, { name: 'helper', image: 'h' }];
    const [first, second] = podOf(make({ template: { containers }, ...SIDECAR })).spec.containers;
    expect([first.name, first.args, first.image, first.imagePullPolicy, second]).toEqual(['function', ['x'], IMAGE, 'Always', { name: 'helper', image: 'h' }]);
  });

  test('has its variables in the order in which they may refer to each other', () => {
    const { objects } = synthManifest(make({ ...template({ env: [{ name: 'Z', value: '1' }] }), params: { C: '$(A)', A: '$(Z)' } }));
    const names = [...container(podTemplate(objects, 'fn')).env].map(({ name }) => String(name));
    const standalone = !knative && !kind.includes('engine');
    expect(names).toEqual([
      'Z', 'APP_PROTOCOL', 'FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2', 'POD_NAME', 'POD_NAMESPACE', ...(knative ? [] : ['PORT']),
      ...(standalone ? ['DAPR_HOST', 'DAPR_SIDECAR_IP', 'DAPR_RUNTIME_HOST', 'DAPR_GRPC_ENDPOINT', 'DAPR_HTTP_ENDPOINT'] : []), 'A', 'C',
    ]);
  });

  test('knows its own name and namespace', () => {
    const env = environment(podOf(make()));
    expect([env.POD_NAME, env.POD_NAMESPACE]).toEqual([knative ? 'fn' : { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }, 'ns']);
    const flagged = environment(podOf(make(), { settings: { knativeFeatures: ['kubernetes.podspec-fieldref'] } }));
    expect(flagged.POD_NAME).toEqual({ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } });
  });

  test('reaches the shared sidecar by the Service that Dapr makes for the app-id', () => {
    const annotations = { 'openfunction.io/enable-dapr': 'true', 'dapr.io/app-id': 'mine' };
    const addresses = (more: object = {}) => Object.fromEntries(
      Object.entries(environment(podOf(make({ annotations: { ...annotations, ...more } }), { settings: { clusterDomain: 'corp.example' } })))
        .filter(([name]) => name.startsWith('DAPR_')));
    const host = 'mine-dapr.ns.svc.corp.example';
    const hosts = { DAPR_HOST: host, DAPR_SIDECAR_IP: host, DAPR_RUNTIME_HOST: host };
    expect(addresses()).toEqual({ ...hosts, DAPR_GRPC_ENDPOINT: `${host}:50001`, DAPR_HTTP_ENDPOINT: `http://${host}:3500` });
    // An annotation may move the port of Dapr's gRPC API, and that of no other.
    expect(addresses({ 'dapr.io/grpc-port': '50101' })).toEqual({
      ...hosts, DAPR_GRPC_ENDPOINT: `${host}:50101`, DAPR_HTTP_ENDPOINT: `http://${host}:3500`, DAPR_GRPC_PORT: '50101',
    });
    expect(addresses(SIDECAR.annotations)).toEqual({});
  });

  test('gets its port as PORT, which Knative sets itself', () => {
    expect(environment(podOf(withPort())).PORT).toBe(knative ? undefined : String(port));
  });

  test('beside a sidecar of its own is spoken to in HTTP if it serves HTTP, and as its annotation says', () => {
    const spoken = (annotations: object = {}) => {
      const pod = podOf(make({ annotations: { ...SIDECAR.annotations, 'openfunction.io/enable-dapr': 'true', ...annotations } }));
      return [pod.metadata.annotations['dapr.io/app-protocol'], environment(pod).APP_PROTOCOL];
    };
    const protocol = knative || kind.includes('engine') ? 'http' : 'grpc';
    expect(spoken()).toEqual([protocol, protocol]);
    expect(spoken({ 'dapr.io/app-protocol': 'h2c' })).toEqual(['h2c', 'h2c']);
    expect(spoken({ 'openfunction.io/enable-dapr': 'false' })).toEqual(['grpc', 'grpc']);
  });

  test('takes the effective app protocol for APP_PROTOCOL', () => {
    expect(environment(podOf(make({ annotations: { 'dapr.io/app-protocol': 'h2c' } }))).APP_PROTOCOL).toBe('h2c');
  });

  test('pulls with the credentials of the image, once', () => {
    const secrets = (imagePullSecrets: object[]) => podOf(make(template({}, { imagePullSecrets }), { imageCredentials: { name: 'login' } })).spec.imagePullSecrets;
    expect(secrets([{ name: 'other' }])).toEqual([{ name: 'other' }, { name: 'login' }]);
    expect(secrets([{ name: 'login' }, { name: 'other' }])).toEqual([{ name: 'login' }, { name: 'other' }]);
    expect(podOf(make({}, { imageCredentials: { name: 'login' } })).spec.imagePullSecrets).toEqual([{ name: 'login' }]);
  });

  test('is traced by SkyWalking through four variables', () => {
    const tracing = { enabled: true, provider: { name: 'skywalking', oapServer: 'oap:1' } };
    expect(environment(podOf(make({ tracing })))).toMatchObject({
      SW_AGENT_COLLECTOR_BACKEND_SERVICES: 'oap:1', SW_AGENT_NAME: 'fn', SW_AGENT_NAMESPACE: 'ns', SW_AGENT_KEEP_TRACING: 'true',
    });
    expect(Object.keys(environment(podOf(make({ tracing: { ...tracing, provider: { name: 'skywalking' } } })))).filter((name) => name.startsWith('SW_'))).toEqual([]);
  });

  test('runs WebAssembly by a runtime class and an annotation', () => {
    const { metadata, spec } = podOf(make({}, { workloadRuntime: 'wasmEdge' }));
    expect([metadata.annotations['module.wasm.image/variant'], spec.runtimeClassName]).toEqual(['compat-smart', 'openfunction-crun']);
    const own = podOf(make({ annotations: { 'module.wasm.image/variant': 'compat' }, template: { runtimeClassName: 'mine' } }, { workloadRuntime: 'WasmEdge' }));
    expect([own.metadata.annotations['module.wasm.image/variant'], own.spec.runtimeClassName]).toEqual(['compat', 'mine']);
    const byAnnotation = podOf(make({}, {}, { annotations: { 'module.wasm.image/variant': 'compat' } }));
    expect([byAnnotation.metadata.annotations['module.wasm.image/variant'], byAnnotation.spec.runtimeClassName]).toEqual(['compat-smart', 'openfunction-crun']);
  });

  test('keeps a template port with the right number, and does not repeat it', () => {
    const ports = podOf(make(template({ ports: [{ containerPort: 8080, name: knative ? 'h2c' : 'app' }] }))).spec.containers[0].ports;
    expect(ports).toEqual([{ containerPort: 8080, name: knative ? 'h2c' : 'app' }]);
  });
});

test('the name of the function\'s port is free for no other port of its container', () => {
  const ports = (...list: object[]) => asyncFunction(template({ ports: list }));
  const other = { name: 'function-port', containerPort: 9999 };
  expect(problemsOf(() => podOf(ports({ containerPort: 7000 }, other)))).toEqual([
    'serving.template.containers[0].ports[1].name: "function-port" is the name of the function\'s port 8080, not of 9999',
  ]);
  const own = { name: 'function-port', containerPort: 8080 };
  expect(podOf(ports(own)).spec.containers[0].ports).toEqual([own]);
  expect(podOf(ports(other, { name: 'mine', containerPort: 8080 })).spec.containers[0].ports).toEqual([other, { name: 'mine', containerPort: 8080 }]);
  const keda = v1beta2({ triggers: { http: { engine: 'keda', port: 9999 } }, ...template({ ports: [other] }) });
  expect(podOf(keda).spec.containers[0].ports).toEqual([other]);
});

describe('a pod behind the proxy', () => {
  test('sleeps before it stops, so that DNS forgets it, and is ready when its port is open', () => {
    const { lifecycle, readinessProbe } = container(podOf(asyncFunction())) as unknown as { lifecycle: object; readinessProbe: object };
    expect([lifecycle, readinessProbe]).toEqual([{ preStop: { sleep: { seconds: 5 } } }, { tcpSocket: { port: 8080 } }]);
  });

  test('keeps the hooks and probes of its template', () => {
    const own = { lifecycle: { preStop: { exec: { command: ['x'] } } }, readinessProbe: { exec: { command: ['y'] } } };
    expect(container(podOf(asyncFunction(template(own))))).toMatchObject(own);
    expect(container(podOf(asyncFunction(template({ lifecycle: { postStart: { exec: { command: ['x'] } } } })))).lifecycle).toEqual({
      preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ['x'] } },
    });
    expect(container(podOf(asyncFunction(template({ lifecycle: { preStop: null } })))).lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
  });

  test.each([[9, undefined], [10, { preStop: { sleep: { seconds: 5 } } }]])('with a grace period of %d seconds has the hook %j', (terminationGracePeriodSeconds, lifecycle) => {
    expect(container(podOf(asyncFunction(template({}, { terminationGracePeriodSeconds })))).lifecycle).toEqual(lifecycle);
  });

  test.each<[string, object]>([['a Knative Service', v1beta2(OUTPUT)], ['a function with its own sidecar', asyncFunction(SIDECAR)]])('is left alone as %s', (_name, manifest) => {
    const { lifecycle, readinessProbe } = container(podOf(manifest));
    expect([lifecycle, readinessProbe]).toEqual([undefined, undefined]);
  });
});

describe('a pod with a sidecar and a drain timeout', () => {
  const drained = (serving: object) => synthProps({
    image: IMAGE, drainTimeout: Duration.seconds(40), annotations: { 'openfunction.io/enable-dapr': 'true', 'openfunction.io/dapr-service-mode': 'sidecar' }, ...serving,
  });

  test('gets both shutdown annotations and a grace period that holds them', () => {
    const { metadata, spec } = podTemplate(drained({ http: { engine: 'keda' } }).objects, 'fn');
    expect(metadata.annotations).toMatchObject({ 'dapr.io/block-shutdown-duration': '5s', 'dapr.io/graceful-shutdown-seconds': '35' });
    expect(spec.terminationGracePeriodSeconds).toBe(85);
  });

  test('gets no grace period in a Knative Service, which refuses one', () => {
    const { metadata, spec } = podTemplate(drained({}).objects, 'fn');
    expect([metadata.annotations['dapr.io/block-shutdown-duration'], spec.terminationGracePeriodSeconds]).toEqual(['5s', undefined]);
  });

  test('gets a grace period that holds what annotations ask of Dapr, too', () => {
    const annotations = { ...SIDECAR.annotations, 'openfunction.io/enable-dapr': 'true', 'dapr.io/block-shutdown-duration': '60s' };
    expect(podTemplate(drained({ http: { engine: 'keda' }, annotations }).objects, 'fn').spec.terminationGracePeriodSeconds).toBe(140);
  });

  test.each([[84, ['warning: pod.terminationGracePeriodSeconds: 84 is less than the 85 s that the drain timeout takes']], [85, []]])(
    'keeps a grace period of its template: %d s', (terminationGracePeriodSeconds, warnings) => {
      const { objects, fn } = drained({ http: { engine: 'keda' }, pod: { containers: [], terminationGracePeriodSeconds } });
      expect([podTemplate(objects, 'fn').spec.terminationGracePeriodSeconds, fn.report.warnings]).toEqual([terminationGracePeriodSeconds, warnings]);
    },
  );

  test('does not wait behind the proxy, where the timeout has no effect', () => {
    const { objects, fn } = drained({ annotations: { 'openfunction.io/enable-dapr': 'true' } });
    expect(Object.keys(podTemplate(objects, 'fn').metadata.annotations)).not.toContain('dapr.io/block-shutdown-duration');
    expect(fn.report.warnings).toEqual([
      'warning: drainTimeout: has no effect on a function whose Dapr mode is "standalone", since its pods have no sidecar; the proxy\'s own is proxy.drainTimeout',
    ]);
  });
});

describe('serving.timeout', () => {
  test.each<[string, object, (objects: ReturnType<typeof synthManifest>['objects']) => unknown, unknown]>([
    ['a Deployment', asyncFunction({ timeout: '1m30s' }), (objects) => one(objects, 'Deployment', 'fn').spec?.progressDeadlineSeconds, 90],
    ['a Deployment of engine keda', v1beta2({ timeout: '1500ms', triggers: { http: { engine: 'keda' } } }), (objects) => one(objects, 'Deployment', 'fn').spec?.progressDeadlineSeconds, 2],
    ['a Knative revision', v1beta2({ timeout: '2h' }), (objects) => podTemplate(objects, 'fn').metadata.annotations['serving.knative.dev/progress-deadline'], '7200s'],
    ['a StatefulSet, which has none', asyncFunction({ timeout: '5s', workloadType: 'StatefulSet' }), (objects) => one(objects, 'StatefulSet').spec?.progressDeadlineSeconds, undefined],
  ])('is the deadline of %s', (_kind, manifest, read, expected) => {
    expect(read(synthManifest(manifest).objects)).toBe(expected);
  });

  test('gives way to an annotation that says the same', () => {
    const annotations = { 'serving.knative.dev/progress-deadline': '1m' };
    expect(podOf(v1beta2({ timeout: '2h', annotations })).metadata.annotations).toMatchObject(annotations);
  });
});

describe('the label app.kubernetes.io/version', () => {
  test.each([
    ['1.2.3', '1.2.3'], ['3.2.0+build/7', '3.2.0_build_7'], ['v1 beta', 'v1_beta'], ['-x-', 'x'], ['+', ''], ['ä1', '1'], ['a'.repeat(63), 'a'.repeat(63)], ['', 'latest'],
  ])('of version %j is %j', (version, label) => {
    expect(podOf(v1beta2({}, { version })).metadata.labels['app.kubernetes.io/version']).toBe(label);
  });
});

test('labels and annotations of the Function itself are not copied', () => {
  const { objects } = synthManifest(v1beta1({}, {}, { labels: { mine: 'x' }, annotations: { mine: 'y' }, uid: '1', resourceVersion: '2' }));
  expect(JSON.stringify(objects)).not.toContain('mine');
});

test('of the template only identity and place reach the proxy', () => {
  const { objects } = synthManifest(asyncFunction(template({ env: [{ name: 'SECRET', value: 'x' }] }, { nodeSelector: { a: 'b' }, tolerations: [] }), { imageCredentials: { name: 'c' } }));
  const { spec } = proxyTemplate(objects, 'fn');
  expect([spec.nodeSelector, spec.tolerations, spec.imagePullSecrets, environment({ spec }, 'dapr-proxy').SECRET]).toEqual([{ a: 'b' }, [], undefined, undefined]);
});

test('a port of the function that Dapr uses in the same pod is refused, and free where Dapr is elsewhere', () => {
  for (const port of [3500, 3501, 50001, 50002]) {
    const manifest = (annotations: StringMap) => v1beta2({ triggers: { http: { port } }, annotations });
    expect(problemsOf(() => synthManifest(manifest({ ...SIDECAR.annotations, 'openfunction.io/enable-dapr': 'true' })))).toEqual([
      `serving.triggers.http.port: ${port} is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002`,
    ]);
    expect(synthManifest(manifest({})).objects).toHaveLength(1);
  }
});
