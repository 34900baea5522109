// Values of cdk8s-plus 28, 33 and 34 are the same to this package: in its types, and in what it emits.
import { diagnostics, runWith, VERSIONS } from './versions';
import { compareWithGolden } from '../../examples/golden';
import { Manifests } from '../../src';
import { quietly } from '../support/synth';

/** Lines that must not compile, each with the message of the compiler. */
const MISTAKES: readonly (readonly [line: string, message: string])[] = [
  ["new OpenFunctionApp(shop, 'x', { image: 'i', resources: { memory: { request: '128Mi' } } });", "Type 'string' is not assignable to type 'Size'."],
  ["new OpenFunctionApp(shop, 'x', { image: 'i', resources: { cpu: { limit: 0.5 } } });", "Type 'number' is not assignable to type 'Cpu | ICpu | undefined'."],
  ["new OpenFunctionApp(shop, 'x', { image: 'i', envVariables: { TOKEN: 'text' } });", "Type 'string' is not assignable to type 'EnvValue | IEnvValue'."],
];

test('a program with values of cdk8s-plus compiles under strict options with each version, and mistakes do not', () => {
  const expected = [['', []], ...MISTAKES.map(([line, message]) => [line, [message]])]
    .flatMap(([line, messages]) => VERSIONS.map((version) => [`${version} ${String(line)}`.trim(), messages]));
  expect(diagnostics(MISTAKES.map(([line]) => line))).toEqual(Object.fromEntries(expected));
}, 120_000);

test('it writes the same bytes with each version', () => {
  const [first, ...others] = VERSIONS.map((version) => quietly(() => runWith(version)));
  for (const { files } of others) expect(files).toEqual(first.files);
  compareWithGolden(__dirname, Manifests.of(first.app).toSnapshot());
});
