/** Meaning and default of every field of a Function, by path; schema and `explain` show them. */
import type { DocTable } from './describe';
import { SERVER_FIELDS } from './fields';

const within = (paths: readonly string[], block: DocTable): DocTable => Object.fromEntries(
  paths.flatMap((path) => Object.entries(block).map(([key, doc]) => [`${path}.${key}`, doc])),
);

const ROUTE: DocTable = {
  'route': ['HTTPRoute of the Gateway API for the function.'],
  'route.gatewayRef': ['Gateway that the route attaches to.', 'that of the platform settings'],
  'route.gatewayRef.name': ['Name of the Gateway.'],
  'route.gatewayRef.namespace': ['Namespace of the Gateway.'],
  'route.hostnames': ['Host names of the route.', 'name, namespace and domain of the gateway'],
  'route.rules': ['Rules of the route, as gateway.networking.k8s.io/v1 has them.', 'one, to the function'],
};

const COMPONENT: DocTable = {
  'type': ['Type of the Dapr component, such as "pubsub.kafka".'],
  'version': ['Version of the component type, mostly "v1".'],
  'ignoreErrors': ['Whether the sidecar starts even if the component cannot be initialized.', 'false'],
  'initTimeout': ['Time that the component has to initialize, such as "30s".', 'that of Dapr'],
  'metadata': ['Settings of the component.'],
  'metadata[].name': ['Name of the setting.'],
  'metadata[].value': ['Value of the setting.'],
  'metadata[].secretKeyRef': ['Secret that holds the value.'],
  'metadata[].secretKeyRef.name': ['Name of the Secret.'],
  'metadata[].secretKeyRef.key': ['Key in the Secret.'],
  'metadata[].envRef': ['Environment variable of the sidecar that holds the value.'],
  'auth': ['Where Dapr looks up Secrets of this component.'],
  'auth.secretStore': ['Name of a Dapr secret store.', 'that of Kubernetes'],
};

const REFERENCE: DocTable = {
  name: ['Name of the Dapr component: a key of serving.bindings or serving.pubsub, or an existing Component.'],
  type: ['Type of the component; an existing one needs it.'],
  topic: ['Topic of a pub/sub component.'],
};

/** As v1beta1 refers to components. */
const FLAT_REFERENCE: DocTable = {
  name: ['Name by which the function knows the component.', 'that of the component'],
  component: ['Name of the Dapr component.'],
  topic: ['Topic of a pub/sub component.'],
  params: ['Metadata of what is sent.'],
  operation: ['Operation of a binding.'],
};

const KEDA_TRIGGER: DocTable = {
  'type': ['KEDA scaler, such as "kafka".'],
  'metadata': ['Settings of the scaler. KEDA takes texts only.'],
  'name': ['Name of the trigger; it must be unique.'],
  'useCachedMetrics': ['Whether KEDA asks the source once for each polling interval only.', 'false'],
  'metricType': ['How the target value is meant.', 'AverageValue'],
  'authenticationRef': ['Credentials of the scaler.'],
  'authenticationRef.name': ['Name of the TriggerAuthentication.'],
  'authenticationRef.kind': ['Kind of the credentials.', 'TriggerAuthentication'],
  'targetKind': ['What v1beta1 scales with this trigger; the kind of the workload says it now.'],
};

const SCALING: DocTable = within(['serving.scaleOptions'], {
  'minReplicas': ['Smallest number of pods; 0 scales to zero.'],
  'maxReplicas': ['Largest number of pods.'],
  'knative': ['Annotations of the Knative revision, such as "autoscaling.knative.dev/target".'],
  'keda': ['Scaling by KEDA, of asynchronous functions and of engine keda.'],
  'keda.scaledObject': ['Scaling of a Deployment or StatefulSet.'],
  'keda.scaledObject.pollingInterval': ['Seconds between two looks at the triggers.', '30, or 10 with pending events'],
  'keda.scaledObject.cooldownPeriod': ['Seconds without events until the function scales to zero.', '300'],
  'keda.scaledObject.advanced': ['Field "advanced" of the ScaledObject, unchanged.'],
  'keda.scaledObject.fallback': ['What happens if the triggers cannot be read.'],
  'keda.scaledObject.fallback.failureThreshold': ['Number of failures in a row that start the fallback.'],
  'keda.scaledObject.fallback.replicas': ['Number of pods during the fallback.'],
  'keda.scaledObject.fallback.behavior': ['How the number of pods is chosen during the fallback.', 'static'],
  'keda.scaledObject.workloadType': ['Kind of the workload.', 'Deployment'],
  'keda.scaledObject.minReplicaCount': ['Smallest number of pods.'],
  'keda.scaledObject.maxReplicaCount': ['Largest number of pods.'],
  'keda.scaledJob': ['Scaling of a Job.'],
  'keda.scaledJob.restartPolicy': ['Restart policy of the pods.'],
  'keda.scaledJob.pollingInterval': ['Seconds between two looks at the triggers.', '30, or 10 with pending events'],
  'keda.scaledJob.successfulJobsHistoryLimit': ['Number of finished Jobs that are kept.', '100'],
  'keda.scaledJob.failedJobsHistoryLimit': ['Number of failed Jobs that are kept.', '100'],
  'keda.scaledJob.scalingStrategy': ['How the number of new Jobs is computed.'],
  'keda.scaledJob.scalingStrategy.strategy': ['Strategy of KEDA.', 'default'],
  'keda.scaledJob.scalingStrategy.customScalingQueueLengthDeduction': ['Of strategy custom: events to subtract.'],
  'keda.scaledJob.scalingStrategy.customScalingRunningJobPercentage': [
    'Of strategy custom: share of the running Jobs that is subtracted, such as "0.5" or "50%".',
  ],
  'keda.scaledJob.scalingStrategy.pendingPodConditions': ['Pod conditions that a Job needs to be no longer pending.'],
  'keda.scaledJob.scalingStrategy.multipleScalersCalculation': ['How several triggers are combined.', 'max'],
  'keda.scaledJob.maxReplicaCount': ['Largest number of Jobs at the same time.'],
  'keda.httpScaledObject': ['Scaling on requests, of engine keda.'],
  'keda.httpScaledObject.targetPendingRequests': ['Requests in flight for each pod.'],
  'keda.httpScaledObject.cooldownPeriod': ['Seconds without requests until the function scales to zero.'],
  'keda.triggers': ['KEDA triggers of an asynchronous function.'],
});

const SERVING: DocTable = within(['serving'], {
  'runtime': ['Kind of the function: "knative" for requests, "async" for events.'],
  'inputs': ['What triggers an asynchronous function.'],
  'triggers': ['What triggers the function: requests or events.'],
  'triggers.http': ['The function answers requests.'],
  'triggers.http.port': ['Port on which the function listens; 0 means unset.', '8080'],
  'triggers.http.engine': ['What runs the function: Knative, or a Deployment with the KEDA HTTP add-on.', 'knative'],
  'triggers.dapr': ['Topics and bindings whose events trigger the function.'],
  'triggers.dapr[].inputName': ['Name by which the function knows the input.', 'that of the component'],
  'triggers.inputs': ['What the function reads besides its trigger.'],
  'triggers.inputs[].dapr': ['Reference to a Dapr component.'],
  'scaleOptions': ['Bounds and rules of scaling.'],
  'outputs': ['Topics and bindings that the function sends to.'],
  'outputs[].dapr': ['Reference to a Dapr component.'],
  'outputs[].dapr.outputName': ['Name by which the function knows the output.', 'that of the component'],
  'outputs[].dapr.operation': ['Operation of a binding, such as "create".'],
  'outputs[].dapr.metadata': ['Metadata of what is sent.'],
  'bindings': ['Dapr bindings of this function alone, by name.'],
  'pubsub': ['Dapr pub/sub components of this function alone, by name.'],
  'states': ['Dapr state stores, by name; one without a type exists already.'],
  'states.*.spec': ['The state store that the function defines.'],
  'params': ['Environment variables of the function.'],
  'labels': ['Labels of the pods and of the workload.'],
  'annotations': ['Annotations of the pods; some decide what the function becomes.'],
  'annotations.openfunction.io/enable-dapr': [
    'Whether the function uses Dapr: "true" or "false".', '"true" if it has Dapr triggers, inputs, outputs or states',
  ],
  'annotations.openfunction.io/dapr-service-mode': [
    'Where the sidecar is: "standalone" is one beside a shared proxy, "sidecar" one in every pod.', '"standalone"',
  ],
  'annotations.openfunction.io/pending-events': [
    'Scaling on events that wait in the proxy: "on" or "off".', '"on" with replica bounds or KEDA triggers',
  ],
  'annotations.openfunction.io/pod-security': [
    'Pod security level that the pods must pass: "privileged", "baseline" or "restricted".',
    'that of the platform settings',
  ],
  'template': ['PodSpec that the function completes; its container is called "function".'],
  'timeout': ['Time until the function must be ready, such as "90s" or "1h30m".'],
  'hooks': ['Plugins that the functions framework runs.'],
  'hooks.pre': ['Plugins before the function.'],
  'hooks.post': ['Plugins after the function.'],
  'hooks.policy': ['Whether these are added to the platform\'s hooks or replace them.', 'Append'],
  'tracing': ['Tracing of the function.', 'that of the platform settings, field by field'],
  'tracing.enabled': ['Whether requests and events are traced.'],
  'tracing.provider': ['Where traces go.'],
  'tracing.provider.name': ['"skywalking" or "opentelemetry".'],
  'tracing.provider.oapServer': ['Address of the SkyWalking server.'],
  'tracing.provider.exporter': ['Exporter of OpenTelemetry.'],
  'tracing.provider.exporter.name': ['Kind of the exporter.'],
  'tracing.provider.exporter.endpoint': ['Address of the collector.'],
  'tracing.provider.exporter.headers': ['Headers of requests to the collector.'],
  'tracing.provider.exporter.compression': ['Compression of requests to the collector.'],
  'tracing.provider.exporter.timeout': ['Time limit of requests to the collector.'],
  'tracing.provider.exporter.protocol': ['Protocol of the collector.'],
  'tracing.tags': ['Tags of every span.'],
  'tracing.baggage': ['Baggage that is passed on.'],
  'workloadType': ['Kind of the workload of an asynchronous function.', 'Deployment'],
});

export const FUNCTION_DOCS: DocTable = {
  'apiVersion': ['"core.openfunction.io/v1beta2" or "core.openfunction.io/v1beta1".'],
  'kind': ['Function.'],
  'metadata': ['Name, namespace, labels and annotations.'],
  'metadata.name': ['Name of the function, and of most of its objects.'],
  'metadata.namespace': ['Namespace of the function.', 'that of the command line or of the chart'],
  'metadata.labels': ['Labels of the Function; its objects do not get them.'],
  'metadata.annotations': ['Annotations of the Function; "plugins" and "plugins.tracing" are hooks and tracing.'],
  ...Object.fromEntries(SERVER_FIELDS.map((field) => [`metadata.${field}`, ['Set by the server; ignored.']])),
  'status': ['Set by the server; ignored.'],
  'image': ['Image of the function. It must exist: builds are not part of this.'],
  'version': ['Version of the function, for labels.', 'latest'],
  'imageCredentials': ['Secret with credentials of the image registry.'],
  'imageCredentials.name': ['Name of the Secret.'],
  'workloadRuntime': ['"OCIContainer" or "WasmEdge".', 'OCIContainer'],
  'build': ['Ignored: the image must exist.'],
  'port': ['Port on which the function listens; 0 means unset.', '8080'],
  ...ROUTE,
  'serving': ['How the function runs.'],
  ...within(['serving.triggers.http'], ROUTE),
  ...SERVING,
  ...SCALING,
  ...within(['serving.triggers.dapr[]', 'serving.triggers.inputs[].dapr', 'serving.outputs[].dapr'], REFERENCE),
  ...within(['serving.inputs[]', 'serving.outputs[]'], FLAT_REFERENCE),
  ...within(['serving.triggers[]', 'serving.scaleOptions.keda.triggers[]'], KEDA_TRIGGER),
  ...within(['serving.bindings.*', 'serving.pubsub.*', 'serving.states.*', 'serving.states.*.spec'], COMPONENT),
};
