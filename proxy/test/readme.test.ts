import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROXY = join(__dirname, '..');
const read = (path: string) => readFileSync(join(PROXY, path), 'utf8');
const files = readdirSync(join(PROXY, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const sources = files.map((file) => read(join('src', file))).join('\n');

const matches = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();

describe('the README', () => {
  const variables = /## Variables(.*)## Ports/s.exec(read('README.md'))![1]!;
  const metrics = /## Metrics(.*)## Image/s.exec(read('README.md'))![1]!;

  test('lists the variables that the proxy reads, all of them and no other', () => {
    const shown = matches(variables.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|')[1]).join(), /`([A-Z_]+)`/g);
    const inTheText = ['TOKEN_FILE', 'CA_FILE'];
    expect([...shown, ...inTheText].sort()).toEqual(matches(sources.replaceAll('DAPR_PROXY_SUBSCRIPTIONS', '${PREFIX}SUBSCRIPTIONS'), /\$\{PREFIX\}([A-Z_]+)/g));
  });

  test('lists the metrics that the proxy has, all of them and no other', () => {
    expect(matches(metrics, /`((?:dapr_proxy|process)_[a-z_]+)`/g)).toEqual(matches(sources, /'((?:dapr_proxy|process)_[a-z_]+)'/g));
  });
});
