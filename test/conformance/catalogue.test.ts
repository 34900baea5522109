// src/private/catalogue is what Dapr's and KEDA's releases say, and says nothing against their own samples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { certificationFolder, contribFolder, daprFolder, filesBelow, kedaFolder } from './model/catalogue-sources';
import { daprCatalogue } from './model/dapr-catalogue';
import { DAPR_CATALOGUE_FILE, KEDA_CATALOGUE_FILE } from './model/files';
import { kedaCatalogue } from './model/keda-catalogue';
import { endToEndTriggers, triggerSets } from './model/keda-test-sets';
import { checkComponent } from '../../src/private/catalogue/check-component';
import { checkTrigger } from '../../src/private/catalogue/check-trigger';
import { formatProblem, Problems } from '../../src/private/problem/problem';

test('the table of components is current', async () => {
  expect(readFileSync(DAPR_CATALOGUE_FILE, 'utf8')).toBe(await daprCatalogue());
});

test('the table of scalers is current', async () => {
  expect(readFileSync(KEDA_CATALOGUE_FILE, 'utf8')).toBe(await kedaCatalogue());
});

interface Sample {
  readonly kind?: string;
  readonly spec?: { readonly type?: string; readonly version?: string; readonly metadata?: Array<{ readonly name: string; readonly value?: string; readonly secretKeyRef?: object; readonly envRef?: string }> };
}

function components(folder: string): Array<{ file: string; sample: Sample }> {
  return ['.yaml', '.yml'].flatMap((ending) => filesBelow(folder, ending)).flatMap((file) => {
    const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return []; // templates of charts
    return documents.map((document) => ({ file, sample: document.toJS() as Sample })).filter(({ sample }) => sample?.kind === 'Component' && sample.spec?.type !== undefined);
  });
}

/** Values in the samples are made up, so that secrets stand in plain text. */
function said({ file, sample: { spec = {} } }: { file: string; sample: Sample }): string[] {
  const problems = new Problems();
  checkComponent({
    type: spec.type!,
    version: spec.version ?? '',
    settings: (spec.metadata ?? []).filter(({ name }) => name !== undefined).map(({ name, value, secretKeyRef, envRef }) => ({ name, value, elsewhere: secretKeyRef !== undefined || envRef !== undefined, path: () => [name] })),
    path: (field) => [field],
    secretAdvice: '',
  }, problems);
  return problems.all.map(formatProblem).filter((line) => !/the secret ".*" is in plain text/.test(line)).map((line) => `${file}: ${line}`);
}

test('components of the tests of components-contrib: one name that its component does not read, and nothing else', async () => {
  const samples = components(join(await contribFolder(), 'tests', 'config'));
  expect(samples.length).toBeGreaterThan(100);
  expect(samples.flatMap(said)).toEqual([
    'pubsub/rabbitmq/pubsub.yml: warning: reconnectWait: "reconnectWait" is not a setting of pubsub.rabbitmq; did you mean "reconnectWaitSeconds"?',
  ]);
});

// Copied from other components, or from releases that still read them.
test('components of the certification tests: names that their component does not read, one of them given twice, and nothing else', async () => {
  const samples = components(await certificationFolder());
  expect(samples.length).toBeGreaterThan(200);
  const lines = samples.flatMap((each) => said(each).map((line) => line.slice(each.file.length + 2)));
  const unknown = lines.map((line) => /"(\w+)" is not a setting of ([\w.]+)/.exec(line)).filter((match) => match !== null);
  const names = (type: string) => [...new Set(unknown.filter(([, , each]) => each === type).map(([, name]) => name))].sort();
  expect(Object.fromEntries(unknown.map(([, , type]) => [type, names(type)]))).toEqual({
    'pubsub.rabbitmq': ['backOffInitialInterval', 'backOffMaxRetries', 'backOffPolicy', 'reconnectWait'],
    'pubsub.snssqs': [
      'autoDeleteOnIdleInSec', 'defaultMessageTimeToLiveInSec', 'handlerTimeoutInSec', 'lockDurationInSec',
      'lockRenewalInSec', 'maxActiveMessages', 'maxConcurrentHandlers', 'maxConnectionRecoveryInSec',
      'maxDeliveryCount', 'maxRetriableErrorsPerSec', 'minConnectionRecoveryInSec', 'publishInitialRetryIntervalInMs',
      'publishMaxRetries', 'timeoutInSec',
    ],
    'state.cockroachdb': ['cockroachdbHost', 'cockroachdbPassword', 'initTimeout'],
    'state.postgresql': ['connMaxIdleTime'],
    'state.redis': ['initTimeout', 'timeout'],
  });
  expect([...new Set(lines.filter((line) => !/ is not a setting of /.test(line)))]).toEqual(['warning: backOffDuration: "backOffDuration" is given twice; Dapr takes the last value alone']);
});

test('components of Dapr\'s own tests have no error, and are warned about only for names', async () => {
  const samples = components(join(await daprFolder(), 'tests'));
  expect(samples.length).toBeGreaterThan(40);
  expect(samples.flatMap(said).filter((line) => !/: warning: .* is not a (setting|component that)/.test(line))).toEqual([]);
});

// These call a helper with a part of a trigger, or keep what a TriggerAuthentication gives in the same table.
// One is read as a mere source for a formula, where its target does not matter.
const PARTS = [/^\{"query":"SELECT COUNT\(\*\) FROM table","targetQueryValue":"0"\}$/, /^openstack_/, /^\{"awsRegion":"[^"]*"\}$/, /^\{"cloud":"[^"]*"(,"(cosmosDBResourceURL|activeDirectoryEndpoint)":"[^"]*")*\}$/];

test('triggers that KEDA\'s tests expect to be read have no error', async () => {
  const sets = triggerSets(await kedaFolder()).filter(({ file, metadata, refused }) =>
    !refused && !PARTS.some((part) => part.test(file) || part.test(JSON.stringify(metadata))));
  expect(sets.length).toBeGreaterThan(600);
  expect(new Set(sets.map(({ type }) => type)).size).toBeGreaterThan(50);
  const found = sets.flatMap(({ type, metadata }) => {
    const problems = new Problems();
    // What they give beside the metadata stands elsewhere in the tests.
    checkTrigger({ type, metadata, authenticated: true }, [], problems);
    return problems.all.filter(({ severity }) => severity === 'error').map((problem) => `${type} ${JSON.stringify(metadata)}: ${formatProblem(problem)}`);
  });
  expect(found).toEqual([]);
});

test('the triggers of KEDA\'s end-to-end tests, with credentials where the test gives them, have no error and no warning but for two', async () => {
  const triggers = endToEndTriggers(await kedaFolder());
  expect(triggers.length).toBeGreaterThan(250);
  const found = triggers.flatMap(({ file, later, ...trigger }) => {
    const problems = new Problems();
    const given = (name: string) => later.includes(name) || later.includes(`${name}FromEnv`);
    checkTrigger({ ...trigger, isUnread: given }, [], problems);
    return problems.all.map((problem) => `${file} ${trigger.type}: ${formatProblem(problem)}`);
  });
  // Both are wrong on purpose.
  expect(found).toEqual([
    'internals/events/events_test.go cpu: warning: metadata.typex: "typex" is not a parameter of the cpu scaler; did you mean "type"?',
    'internals/scaled_object_validation/scaled_object_validation_test.go cpu: warning: metadata.type: is deprecated, and newer versions of KEDA refuse it; give the trigger\'s own metricType',
  ]);
});

test('at least half of the triggers that they expect to be refused is refused here', async () => {
  const refused = triggerSets(await kedaFolder()).filter((set) => set.refused);
  const found = refused.filter(({ type, metadata }) => {
    const problems = new Problems();
    checkTrigger({ type, metadata, authenticated: true }, [], problems);
    return problems.hasErrors;
  });
  expect(found.length / refused.length).toBeGreaterThan(1 / 2);
});
