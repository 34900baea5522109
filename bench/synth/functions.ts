/** A mix of all kinds of functions, by number: the same number gives the same function. */

const KINDS = [plainHttp, httpWithOutput, asyncPubSub, asyncSidecar, kedaHttp, statefulSet, job, v1beta1Async] as const;

export function functionManifest(index: number): object {
  return KINDS[index % KINDS.length](`fn-${index}`);
}

function v1beta2(name: string, serving: object): object {
  return {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name, namespace: 'bench' },
    spec: { version: 'v1.2.3', image: `registry.example/${name}:1.2.3`, imageCredentials: { name: 'registry' }, serving },
  };
}

function kafka(kind: 'bindings' | 'pubsub'): object {
  const topic = kind === 'bindings' ? [{ name: 'publishTopic', value: 'orders' }] : [];
  return { type: `${kind}.kafka`, version: 'v1', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'authType', value: 'none' }, ...topic] };
}

/** Dapr reads in the group of the app-id, so that is where the lag is. */
function queueTrigger(name: string): object {
  const consumerGroup = `${name}-bench`;
  return { type: 'kafka', metadata: { topic: 'orders', bootstrapServers: 'kafka:9092', consumerGroup, lagThreshold: '20' } };
}

const topicTrigger = { dapr: [{ name: 'events', type: 'pubsub.kafka', topic: 'orders' }] };

function plainHttp(name: string): object {
  return v1beta2(name, { triggers: { http: { port: 8080 } }, params: { GREETING: 'hello' }, scaleOptions: { minReplicas: 0, maxReplicas: 10 } });
}

function httpWithOutput(name: string): object {
  return v1beta2(name, {
    triggers: { http: { port: 8080, route: { hostnames: [`${name}.example`] } } },
    outputs: [{ dapr: { name: 'target', type: 'bindings.kafka', operation: 'create' } }],
    bindings: { target: kafka('bindings') },
  });
}

function asyncPubSub(name: string): object {
  return v1beta2(name, {
    triggers: topicTrigger,
    pubsub: { events: kafka('pubsub') },
    scaleOptions: { minReplicas: 0, maxReplicas: 20, keda: { scaledObject: { cooldownPeriod: 60 }, triggers: [queueTrigger(name)] } },
  });
}

function asyncSidecar(name: string): object {
  return v1beta2(name, {
    annotations: { 'openfunction.io/enable-dapr': 'true', 'openfunction.io/dapr-service-mode': 'sidecar' },
    triggers: topicTrigger,
    pubsub: { events: kafka('pubsub') },
    template: { containers: [{ name: 'function', resources: { limits: { memory: '256Mi' } } }] },
  });
}

function kedaHttp(name: string): object {
  return v1beta2(name, { triggers: { http: { engine: 'keda', route: { hostnames: [`${name}.example`] } } }, scaleOptions: { maxReplicas: 5 } });
}

function statefulSet(name: string): object {
  return v1beta2(name, { triggers: topicTrigger, pubsub: { events: kafka('pubsub') }, workloadType: 'StatefulSet' });
}

function job(name: string): object {
  return v1beta2(name, {
    triggers: topicTrigger,
    pubsub: { events: kafka('pubsub') },
    workloadType: 'Job',
    scaleOptions: { keda: { scaledJob: { restartPolicy: 'Never' }, triggers: [queueTrigger(name)] } },
  });
}

function v1beta1Async(name: string): object {
  return {
    apiVersion: 'core.openfunction.io/v1beta1',
    kind: 'Function',
    metadata: { name, namespace: 'bench' },
    spec: {
      version: 'v2.0.0',
      image: `registry.example/${name}:2.0.0`,
      serving: {
        runtime: 'async',
        inputs: [{ name: 'in', component: 'source' }],
        outputs: [{ name: 'out', component: 'target', operation: 'create' }],
        bindings: { source: { type: 'bindings.cron', version: 'v1', metadata: [{ name: 'schedule', value: '@every 2s' }] }, target: kafka('bindings') },
      },
    },
  };
}
