import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { DaprMode, Manifests, Match, OpenFunctionApp } from '../src';

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'mails' },
  spec: {
    replicas: 2,
    template: { spec: { containers: [{ name: 'function', image: 'acme/mails:1' }, { name: 'log', image: 'acme/log:3' }] } },
  },
};
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { LEVEL: 'info', TOPICS: '{"topics":["placed","paid"]}' } };

function shop(...objects: { apiVersion: string; kind: string; metadata: { name: string } }[]): Manifests {
  const chart = new Chart(Testing.app(), 'shop', { namespace: 'shop' });
  (objects.length > 0 ? objects : [DEPLOYMENT, { ...DEPLOYMENT, metadata: { name: 'orders' } }, SETTINGS])
    .forEach((object, index) => new ApiObject(chart, `${index}`, object));
  return Manifests.of(chart);
}

const container = (pattern: unknown) => ({ spec: { template: { spec: { containers: pattern } } } });

describe('an object like a pattern', () => {
  test.each<[string, object]>([
    ['some of its fields', { metadata: { name: 'mails' }, spec: { replicas: 2 } }],
    ['any value of a field', { spec: { replicas: Match.anyValue() } }],
    ['a field that is not there', { spec: { paused: Match.absent() } }],
    ['another value than one', { spec: { replicas: Match.not(3) } }],
    ['a list, element by element', container([{ name: 'function' }, { image: Match.text('^acme/') }])],
    ['elements of a list in any order', container(Match.listWith([{ name: 'log' }, { name: 'function' }]))],
    ['two patterns of which one fits both elements', container(Match.listWith([{ image: Match.text('acme') }, { name: 'function' }]))],
    ['an object and nothing beyond it', container(Match.listWith([Match.exact({ name: 'log', image: 'acme/log:3' })]))],
    ['more fields in one place of an exact value', { spec: { template: Match.exact({ spec: Match.objectLike({}) }) } }],
  ])('is found by %s', (_what, pattern) => {
    shop().hasObject('Deployment', pattern as Record<string, unknown>);
    expect(shop().find('Deployment.apps', pattern as Record<string, unknown>).map(({ metadata }) => metadata.name)).toContain('mails');
  });

  test('is found by what its JSON says', () => {
    shop().hasObject('ConfigMap', { data: { TOPICS: Match.json({ topics: Match.listWith(['paid']) }) } });
  });

  test('is told from one of another group by the group', () => {
    const manifests = shop({ ...SETTINGS, kind: 'Service' }, { ...DEPLOYMENT, apiVersion: 'serving.knative.dev/v1', kind: 'Service' });
    manifests.countIs('Service', 2);
    manifests.countIs('Service.serving.knative.dev', 1);
  });
});

describe('an assertion that fails', () => {
  test.each<[string, object, string]>([
    ['a value', { metadata: { name: 'orders' }, spec: { replicas: 1 } }, '  spec.replicas: 2, expected 1'],
    ['a misspelt field', { metadata: { name: 'orders' }, spec: { replicsa: 2 } }, '  spec.replicsa: is not there, expected 2; did you mean "replicas"?'],
    ['a field that should not be there', { metadata: { name: 'orders' }, spec: { replicas: Match.absent() } }, '  spec.replicas: 2, expected no such field'],
    ['a value that should be another', { metadata: { name: 'orders' }, spec: { replicas: Match.not(2) } }, '  spec.replicas: 2, expected anything else'],
    ['any value', { metadata: { name: 'orders' }, status: Match.anyValue() }, '  status: is not there, expected any value'],
    ['a text', { metadata: { name: 'orders', namespace: Match.text('^prod-') } }, '  metadata.namespace: "shop", expected a text with /^prod-/'],
    ['a null', { metadata: { name: 'orders' }, spec: { replicas: null } }, '  spec.replicas: the pattern has null; say Match.absent() or Match.anyValue()'],
    ['the length of a list', { metadata: { name: 'orders' }, ...container([{ name: 'function' }]) },
      '  spec.template.spec.containers: has 2 elements, expected 1: [{"image":"acme/mails:1","name":"function"},{"image":"acme/log:3","name":"log"}]; Match.listWith allows further ones'],
    ['a list that is too short', { metadata: { name: 'orders' }, ...container([{ name: 'function' }, { name: 'log' }, { name: 'proxy' }]) },
      '  spec.template.spec.containers: has 2 elements, expected 3: [{"image":"acme/mails:1","name":"function"},{"image":"acme/log:3","name":"log"}]'],
    ['the order of a list', { metadata: { name: 'orders' }, ...container([{ name: 'log' }, { name: 'function' }]) },
      '  spec.template.spec.containers: has these elements in another order; Match.listWith allows any'],
    ['a field that is further down', { metadata: { name: 'orders' }, spec: { containers: Match.listWith([{ name: 'log' }]) } },
      '  spec.containers: is not there, expected [{"name":"log"}]; there is one at spec.template.spec.containers'],
    ['a misspelt element of a list', { metadata: { name: 'orders' }, ...container(Match.listWith([{ name: 'functoin' }])) },
      '  spec.template.spec.containers: has no element like {"name":"functoin"}; did you mean "function"?'],
    ['the nearest element of a list', { metadata: { name: 'orders' }, ...container(Match.listWith([{ name: 'log', image: 'acme/log:4' }])) },
      '  spec.template.spec.containers[1].image: "acme/log:3", expected "acme/log:4"'],
    ['an element that resembles none', { metadata: { name: 'orders' }, ...container(Match.listWith([{ name: 'proxy' }])) },
      '  spec.template.spec.containers: has no element like {"name":"proxy"}; it has "function", "log"'],
    ['what is beyond an exact value', { metadata: { name: 'orders' }, ...container(Match.listWith([Match.exact({ name: 'log' })])) },
      '  spec.template.spec.containers[1].image: "acme/log:3", expected nothing beyond the pattern'],
    ['a matcher without its like', { metadata: { name: 'orders' }, ...container(Match.listWith([{ name: Match.text('^proxy'), image: Match.anyValue() }])) },
      '  spec.template.spec.containers[0].name: "function", expected a text with /^proxy/'],
    ['a matcher in an element that resembles none', { metadata: { name: 'orders' }, ...container(Match.listWith([Match.exact({ a: Match.json(['x']), b: Match.anyValue(), c: 1 })])) },
      '  spec.template.spec.containers: has no element like {"a":["x"],"b":"<any value>","c":1}'],
    ['a list in place of an object', { metadata: { name: 'orders' }, spec: { template: { spec: { containers: { name: 'log' } } } } },
      '  spec.template.spec.containers: [{"image":"acme/mails:1","name":"function"},{"image":"acme/log:3","name":"log"}], expected {"name":"log"}; it is a list: say Match.listWith([{ name: …, value: … }])'],
    ['a regular expression', { metadata: { name: 'orders' }, kind: /Deploy/ }, '  kind: the pattern has /Deploy/; say Match.text("Deploy")'],
    ['a matcher of Jest', { metadata: { name: 'orders' }, kind: expect.any(String) as unknown }, '  kind: the pattern has a function or a matcher of a test framework; say what Match has for it'],
    ['a slip in a field of a list\'s only element', { metadata: { name: 'orders' }, spec: { template: { spec: { containers: Match.listWith([{ imge: 'acme/log:4' }]) } } } },
      '  spec.template.spec.containers[0].imge: is not there, expected "acme/log:4"; did you mean "image"?'],
  ])('tells the place of %s in the object of that name', (_what, pattern, line) => {
    expect(() => shop().hasObject('Deployment', pattern as Record<string, unknown>))
      .toThrow(new Error(`no Deployment is like this; of 2, shop/orders is nearest, and differs:\n${line}`));
  });

  test('shows the object with the fewest differences where the pattern has no name, five of them at most', () => {
    const far = { ...DEPLOYMENT, metadata: { name: 'far' }, spec: { ...DEPLOYMENT.spec, replicas: 9 } };
    const spec = { replicas: 2, a: 1, b: { c: 2, d: 3 }, e: 4, f: 5, g: 6 };
    expect(() => shop(far, DEPLOYMENT).hasObject('Deployment', { spec })).toThrow(new Error([
      'no Deployment is like this; of 2, shop/mails is nearest, and differs:',
      '  spec.a: is not there, expected 1',
      '  spec.b: is not there, expected {"c":2,"d":3}',
      '  spec.e: is not there, expected 4',
      '  spec.f: is not there, expected 5',
      '  spec.g: is not there, expected 6',
    ].join('\n')));
    expect(() => shop(DEPLOYMENT).hasObject('Deployment', { spec: { ...spec, h: 7, i: 8 } })).toThrow(/spec\.g: is not there, expected 6\n {2}and 2 more$/);
  });

  test('shows what is around the first change of a long text', () => {
    const TOPICS = `{"topics":["placed","paid"],${' '.repeat(50)}"x":1}`;
    const manifests = shop({ ...SETTINGS, data: { TOPICS } } as typeof SETTINGS);
    expect(() => manifests.hasObject('ConfigMap', { data: { TOPICS: TOPICS.replace('paid', 'sent') } })).toThrow(new Error([
      'no ConfigMap is like this; the only one, shop/settings, differs:',
      '  data.TOPICS: …"\\"topics\\":[\\"placed\\",\\"paid\\"],             "…, expected …"\\"topics\\":[\\"placed\\",\\"sent\\"],             "…, from character 22 on',
    ].join('\n')));
    expect(() => manifests.hasObject('ConfigMap', { data: { TOPICS: Match.json({ topics: ['placed', 'sent'] }) } })).toThrow(/ {2}data\.TOPICS\.topics\[1\]: "paid", expected "sent"$/);
    expect(() => shop().hasObject('ConfigMap', { data: { LEVEL: Match.json({}) } })).toThrow(/ {2}data\.LEVEL: "info", expected JSON$/);
  });

  test('names the kinds that are there where there is none of the kind', () => {
    expect(() => shop().hasObject('Deploymnt')).toThrow(new Error('there is no Deploymnt; did you mean "Deployment"? There are 1 ConfigMap, 2 Deployment.apps'));
    expect(() => shop().hasObject('deploy')).toThrow(new Error('there is no deploy; say "Deployment"; there are 1 ConfigMap, 2 Deployment.apps'));
    expect(() => shop().hasObject('')).toThrow(new Error('a kind is a text such as "Deployment", got ""'));
    expect(() => shop().hasObject('Deployment', ['orders'] as never)).toThrow(new Error('a pattern is an object such as { metadata: { name: "mails" } }, got ["orders"]'));
    expect(() => Manifests.of(new Chart(Testing.app(), 'empty')).hasObject('Job')).toThrow(new Error('there is no Job; there are no objects at all'));
  });

  test('says how a kind is told with its group where it has a version', () => {
    expect(() => shop().hasObject('apps/v1/Deployment')).toThrow(new Error(
      'there is no apps/v1/Deployment; a kind has no version: say "Deployment.apps"; there are 1 ConfigMap, 2 Deployment.apps'));
    expect(() => shop().hasObject('apps/v1 Deployment')).toThrow(new Error(
      'there is no apps/v1 Deployment; a kind has no version: say "Deployment.apps"; there are 1 ConfigMap, 2 Deployment.apps'));
    expect(() => shop().hasObject('v1/ConfigMap')).toThrow(new Error('there is no v1/ConfigMap; a kind has no version: say "ConfigMap"; there are 1 ConfigMap, 2 Deployment.apps'));
  });

  test('shows the object of nearly the name that the pattern has', () => {
    expect(() => shop().hasObject('Deployment', { metadata: { name: 'order' }, spec: { replicas: 2 } })).toThrow(new Error(
      'no Deployment is like this; of 2, shop/orders is nearest, and differs:\n  metadata.name: "orders", expected "order"'));
  });

  test('refuses an invalid count and an invalid expression', () => {
    expect(() => shop().countIs('Deployment', -1)).toThrow(new Error('the count must be a whole number from 0, got -1'));
    expect(() => shop().countIs('Deployment', 1.5)).toThrow(new Error('the count must be a whole number from 0, got 1.5'));
    expect(() => Match.text('(')).toThrow(/^Match\.text\("\("\): Invalid regular expression: /);
  });

  test('names the objects where there should be none, or another number of them', () => {
    expect(() => shop().hasNoObject('Deployment', { spec: { replicas: 2 } })).toThrow(new Error('expected no Deployment like this, but there are shop/mails, shop/orders'));
    expect(() => shop().countIs('ConfigMap', 0)).toThrow(new Error('expected 0 ConfigMap, but there is 1: shop/settings'));
    expect(() => shop().countIs('Deployment', 2, { metadata: { name: 'mails' } })).toThrow(new Error([
      'expected 2 Deployment like this, but there is 1: shop/mails',
      'no Deployment is like this; the only one, shop/orders, differs:',
      '  metadata.name: "orders", expected "mails"',
    ].join('\n')));
    expect(() => shop().countIs('Job', 1)).toThrow(new Error('expected 1 Job, but there is none\nthere is no Job; there are 1 ConfigMap, 2 Deployment.apps'));
  });
});

describe('the manifests', () => {
  const functionIn = (chart: Chart) => new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:2.0.1', dapr: DaprMode.STANDALONE });

  test('of an app are those of its charts, of a chart its own, of a function its own without what it shares', () => {
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const orders = functionIn(chart);
    new ApiObject(new Chart(app, 'other'), 'settings', SETTINGS);
    Manifests.of(app).countIs('ConfigMap', 2);
    Manifests.of(chart).countIs('ConfigMap', 1);
    Manifests.of(orders).hasNoObject('ConfigMap');
    Manifests.of(orders).countIs('Service.serving.knative.dev', 1);
  });

  test('throw what is wrong with the app', () => {
    const chart = new Chart(Testing.app(), 'shop', { namespace: 'shop' });
    functionIn(chart);
    new OpenFunctionApp(chart, 'again', { image: 'acme/orders:2.0.1', name: 'orders' });
    expect(() => Manifests.of(chart)).toThrow(/function shop\/orders is claimed by/);
  });

  test('that were found are copies', () => {
    const manifests = shop();
    manifests.find('ConfigMap')[0].data.LEVEL = 'debug';
    expect(manifests.find('ConfigMap')[0].data.LEVEL).toBe('info');
  });

  test('as text for a snapshot lack the bundled proxy, its version and its hash', () => {
    const chart = new Chart(Testing.app(), 'shop', { namespace: 'shop' });
    functionIn(chart);
    const text = Manifests.of(chart).toSnapshot();
    expect(text).toContain('  name: dapr-proxy-<hash>\n  namespace: shop\ndata:\n  index.js: <the bundled dapr-proxy>\nimmutable: true\n---\n');
    expect(text).not.toMatch(/[0-9a-f]{12}/);
    expect(text.length).toBeLessThan(10_000);
  });
});
