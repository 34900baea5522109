// What a program can read off a function, and how it learns of mistakes; the other languages print the same lines.
import { ApiObject, App, Chart } from 'cdk8s';
import { DaprComponent, OpenFunctionApp, OpenFunctionManifests, PlatformSettings, FunctionOutput, ProblemFindings } from '../../../src';

const named = (object?: ApiObject) => (object === undefined ? 'none' : `${object.kind} ${object.name}`);
const say = (fact: string, ...values: string[]) => process.stdout.write(`${fact}: ${values.join(', ')}\n`);
function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}
/** What is wrong, as data. */
function findings(attempt: () => unknown): string[] {
  try {
    attempt();
  } catch (error) {
    return ProblemFindings.of(error).map(({ where, path, message, severity, file = 'no file', line = 0, column = 0 }) => (
      `${severity.toUpperCase()} in ${where} at ${path} (${file} ${line} ${column}): ${message}`
    ));
  }
  return ['accepted'];
}

const app = new App();
const shop = new Chart(app, 'shop', { namespace: 'shop' });
const queue = new DaprComponent(shop, 'queue', { componentType: 'bindings.kafka', metadata: { brokers: 'kafka:9092', authType: 'none', publishTopic: 'orders' } });
const orders = new OpenFunctionApp(shop, 'orders', { image: 'acme/orders:1', outputs: [FunctionOutput.toBinding(queue, { operation: 'create' })] });
const folder = new OpenFunctionManifests(shop, 'folder', { paths: ['functions'] });
const greeter = OpenFunctionApp.fromYamlFile(shop, 'greeter', 'functions/greeter.yaml', { namespace: 'greetings' });
PlatformSettings.of(app).set({ clusterDomain: 'cluster.example' });

say('mode', orders.daprMode.toUpperCase());
say('app-id', orders.daprAppId);
say('url', orders.internalUrl);
say('workload', named(orders.workload));
say('proxy', named(orders.proxy));
say('service', named(orders.service));
say('objects', ...orders.objects.map(named));
say('scopes', ...queue.scopes);
say('folder', ...folder.functions.map(({ functionName }) => functionName), ...folder.others.map(named));
say('components', ...greeter.components.map(named));
const { daprReason, objects, requiredApis, prerequisites, sidecars, warnings } = orders.report;
say('reason', daprReason);
say('reported', ...objects.map(({ apiVersion, kind, namespace, name }) => `${apiVersion} ${kind} ${namespace}/${name}`));
say('apis', ...requiredApis);
say('prerequisites', ...prerequisites);
say('sidecars', sidecars);
say('warnings', String(warnings.length));
say('settings', refusal(() => PlatformSettings.of(shop).set({ clusterDomain: 'no domain' })));

const other = new App();
const twins = new Chart(other, 'twins', { namespace: 'shop' });
for (const id of ['one', 'two']) new OpenFunctionApp(twins, id, { name: 'same', image: 'acme/same:1' });
say('synthesis', ...findings(() => other.synth()));
say('another error', ...findings(() => new Chart(other, 'twins')));

// What these find comes at synthesis, and nobody catches it.
OpenFunctionApp.fromYamlFile(shop, 'wrong', 'wrong.yaml');
OpenFunctionApp.fromManifest(shop, 'list', { kind: 'List' });
new OpenFunctionApp(shop, 'Bad', { image: '', port: 70000 });
app.synth();
