/** The versions that manifests are written for: newest, oldest, and what a setting may say (docs/spec M129). */
import type { PlatformTargets } from '../../platform-settings-props';
import { object, Read, Reader, text, withSchema } from '../function/readers';
import { show } from '../problem/problem';

export type TargetName = keyof PlatformTargets;

interface Supported {
  /** As messages and the report name it. */
  readonly title: string;
  readonly oldest: string;
  /** The default. */
  readonly newest: string;
}

/** The one table; the suites build and judge both ends of it. */
export const TARGETS: { readonly [N in TargetName]-?: Supported } = {
  kubernetes: { title: 'Kubernetes', oldest: '1.28', newest: '1.35' },
  dapr: { title: 'Dapr', oldest: '1.16', newest: '1.18' },
  keda: { title: 'KEDA', oldest: '2.17', newest: '2.21' },
  kedaHttp: { title: 'the HTTP add-on of KEDA', oldest: '0.8', newest: '0.15' },
  knative: { title: 'Knative Serving', oldest: '1.19', newest: '1.24' },
  gatewayApi: { title: 'the Gateway API', oldest: '1.3', newest: '1.6' },
};

const NAMES = Object.keys(TARGETS) as TargetName[];
const FORM = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

/** What is wrong with a value, with the range. */
function wrongTarget(name: TargetName, given: string): string | undefined {
  const { title, oldest, newest } = TARGETS[name];
  const allowed = `${oldest} to ${newest} of ${title}`;
  if (!FORM.test(given)) return `${show(given)} is not a version such as ${show(newest)}; give one from ${allowed}`;
  const [major, minor] = partsOf(given);
  const release = `${major}.${minor}`;
  const fits = compare(release, oldest) >= 0 && compare(release, newest) <= 0;
  return fits ? undefined : `${show(given)} is outside ${allowed}`;
}

const target = (name: TargetName): Reader<string> => withSchema<string>((value, at) => {
  const given = text(value, at);
  const wrong = given === undefined ? undefined : wrongTarget(name, given);
  if (wrong === undefined) return given;
  at.problems.error(at.path, wrong);
  return undefined;
}, text.schema);

type Readers = { readonly [N in TargetName]-?: Reader<string> };
const READERS = Object.fromEntries(NAMES.map((name) => [name, target(name)])) as Readers;
/** As the setting of the platform that many decisions follow. */
export const TARGET_SETTINGS = { targets: object(READERS) };
export type TargetsModel = Read<typeof READERS>;

/** The target, without a `v` in front. */
export function targetOf(given: TargetsModel | undefined, name: TargetName): string {
  return given?.[name]?.replace(/^v/, '') ?? TARGETS[name].newest;
}

/** Whether the target is this version or a later one; one without a patch version is the first of its release. */
export function reaches(given: TargetsModel | undefined, name: TargetName, version: string): boolean {
  const asked = targetOf(given, name);
  const pair = `${asked} ${version}`;
  const known = REACHED.get(pair) ?? compare(asked, version) >= 0;
  REACHED.set(pair, known);
  return known;
}

/** A few pairs, each asked for by every function. */
const REACHED = new Map<string, boolean>();

type Releases = Readonly<Record<string, string>>;

/**
 * What a function can ask for that the oldest release lacks, with the first that has it: switched on, for a field of a
 * pod, unless it is off in the newest as well. Of fields of components only Dapr 1.16 is known not to read them.
 */
const SINCE: { readonly [N in TargetName]?: Releases } = {
  kubernetes: {
    ...from('1.29', 'Container.restartPolicy VolumeProjection.clusterTrustBundle'),
    ...from('1.30', 'LifecycleHandler.sleep PodSecurityContext.appArmorProfile SecurityContext.appArmorProfile'),
    ...from('1.31', 'VolumeMount.recursiveReadOnly PodAffinityTerm.matchLabelKeys PodAffinityTerm.mismatchLabelKeys'),
    'EnvVar.name beyond the plain': '1.32',
    'EnvFromSource.prefix beyond the plain': '1.32',
    'SleepAction.seconds beyond the plain': '1.33',
    'PodDNSConfig.searches beyond the plain': '1.33',
    ...from('1.33', 'PodSpec.hostUsers PodSecurityContext.supplementalGroupsPolicy Container.resizePolicy '
      + 'PodSecurityContext.seLinuxChangePolicy SecurityContext.procMount Lifecycle.stopSignal'),
    ...from('1.34', 'PodSpec.resources PodSpec.resourceClaims PersistentVolumeClaimSpec.volumeAttributesClassName '
      + 'VolumeProjection.podCertificate'),
    ...from('1.35', 'Volume.image Container.restartPolicyRules EnvVarSource.fileKeyRef PodSpec.hostnameOverride '
      + 'PodSpec.workloadRef'),
  },
  dapr: {
    ...from('1.17', 'dapr.io/disable-init-endpoints,sidecar-svc-annotations '
      + 'pubsub.redis,state.redis,bindings.redis/insecureSkipTLSVerify,redisPort '
      + 'pubsub.pulsar/compressionLevel,compressionType,listenerName,oauth2ClientSecretPath,oauth2CredentialsFile '
      + 'pubsub.kafka,bindings.kafka/oidcAudience,oidcClientAssertionCert,oidcClientAssertionKey,oidcKid,oidcResource '
      + 'bindings.sftp/sequentialMode state.oracledatabase/bulkGetChunkSize'),
    ...from('1.18', 'dapr.io/actors-disseminate-timeout state.ravendb'),
  },
  keda: {
    ...from('2.18', 'forgejo-runner solace-direct-messaging solarwinds splunk-observability sumologic '
      + 'apache-kafka,kafka/ensureEvenDistributionOfPartitions artemis-queue/ca,cert,key,keyPassword,unsafeSsl '
      + 'aws-dynamodb/filterExpression azure-pipelines/caseInsensitiveDemandsProcessing,fetchUnfinishedJobsOnly '
      + 'datadog/hpaMetricName,timeout github-runner/matchUnlabeledJobsWithUnlabeledRunners temporal/tlsServerName '
      + 'influxdb/database,influxVersion,metricKey,queryType '
      + 'rabbitmq/mode=DeliverGetRate,mode=PublishedToDeliveredRatio,mode=ExpectedQueueConsumptionTime '
      + 'arangodb,loki,predictkube,prometheus,rabbitmq/authMode,token pulsar/authMode '
      + 'arangodb,datadog,loki,predictkube,prometheus,pulsar,rabbitmq/keyParamName,method'),
    ...from('2.19', 'kubernetes-resource aws-cloudwatch/awsAccountId mongodb/ca,cert,key,keyPassword,tls '
      + 'dynatrace/query,queryPollingTries,queryPollingWait,queryTimeoutSeconds '
      + 'metrics-api/aggregateFromKubeServiceEndpoints,aggregationType'),
    ...from('2.20', 'elastic-forecast opensearch kubernetes-workload/groupByNode metrics-api/timeout '
      + 'temporal/workerDeploymentBuildId,workerDeploymentName'),
    ...from('2.21', 'azure-cosmosdb clickhouse gcp-spanner azure-monitor/metricInterval mssql/driverName '
      + 'azure-pipelines/scaleOnInFlight kafka/ccacheName,fullMetadata selenium-grid/includeOngoingSessions '
      + 'temporal/enableTLS,includeRunningWorkflowCount,workflowTaskQueueForCount '
      + 'github-runner,graphite/apiKey,authModes,bearerToken,ca,cert,clientID,clientSecret,customAuthHeader,'
      + 'customAuthValue,endpointParams,keyParamName,method,oauthTokenURI,scope,scopes,token '
      + 'github-runner/authMode,password,username graphite/key'),
  },
  knative: from('1.24', 'Probe.terminationGracePeriodSeconds Volume.ephemeral'),
  gatewayApi: from('1.4', 'HTTPRouteRule.name'),
};

/** `a b,c/d,e` is a, b/d, b/e, c/d and c/e. */
function from(release: string, names: string): Releases {
  return Object.fromEntries(names.split(' ').flatMap((name) => {
    const [owners, fields] = name.split('/').map((list) => list.split(','));
    return owners.flatMap((owner) => (fields as string[] | undefined)?.map((field) => `${owner}/${field}`) ?? owner);
  }).map((name) => [name, release]));
}

/** `needs KEDA 2.20, and the target is KEDA 2.17` */
export function lackOf(given: TargetsModel | undefined, name: TargetName, what: string): string | undefined {
  const releases = SINCE[name] ?? {};
  const since = Object.hasOwn(releases, what) ? releases[what] : undefined;
  if (since === undefined || reaches(given, name, since)) return undefined;
  return `needs ${TARGETS[name].title} ${since}, and the target is ${titleOf(given, name)}`;
}

/** `Dapr 1.18` */
export function titleOf(given: TargetsModel | undefined, name: TargetName): string {
  return `${TARGETS[name].title} ${targetOf(given, name)}`;
}

function partsOf(version: string): number[] {
  const [, ...parts] = FORM.exec(version) ?? [];
  return parts.map((part: string | undefined) => Number(part ?? 0));
}

function compare(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}

/** `keda=2.17`, as the command line has it; what is wrong with it otherwise. */
export function targetOption(option: string): [TargetName, string] | string {
  const [name, version = ''] = option.split('=', 2);
  const known = NAMES.find((each) => each === name);
  if (known === undefined || version === '') return `give <name>=<version>, with a name of ${NAMES.join(', ')}`;
  return wrongTarget(known, version) ?? [known, version];
}
