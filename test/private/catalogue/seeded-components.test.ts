// One mistake at a time in every component of the catalogue: each is found, at its place, and nothing else is said.
import { fitting, leastSettings, misspelt, said, SECRET, type Settings } from './support';
import { knownType, knownTypes } from '../../../src/private/catalogue/dapr-component';
import type { Field } from '../../../src/private/catalogue/tables';

interface Subject {
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly settings: Settings;
  readonly fields: readonly Field[];
}

const subjects: Subject[] = knownTypes().filter((type) => /^(bindings|pubsub|state)\./.test(type)).flatMap((type) =>
  knownType(type, '')!.versions.filter((version) => knownType(type, version)!.component !== undefined).map((version) => ({
    name: `${type} ${version}`,
    type,
    version,
    settings: leastSettings(type, version),
    fields: knownType(type, version)!.component!.names.fields.filter(({ name }) => !name.includes('.')),
  })));

const WRONG: Partial<Record<Field['type'], string>> = { bool: 'perhaps', int: 'many', number: 'many', duration: 'soon', goduration: '30', bytesize: 'huge', pem: '/certs/tls.pem' };
let mistakes = 0;

test('the least that a component needs is enough for each of them', () => {
  expect(subjects.length).toBeGreaterThan(100);
  expect(subjects.flatMap(({ name, type, version, settings }) => said(type, settings, { version }).map((line) => `${name}: ${line}`))).toEqual([]);
});

test('a fitting value of any setting is taken', () => {
  const found = subjects.flatMap(({ name, type, version, settings, fields }) => fields
    .filter((field) => !Object.keys(settings).some((given) => given.toLowerCase() === field.name.toLowerCase()) && field.values === undefined)
    .flatMap((field) => said(type, { ...settings, [field.name]: fitting(field, type) }, { version }))
    .filter((line) => !line.includes('is missing'))
    .map((line) => `${name}: ${line}`));
  expect(found).toEqual([]);
});

describe.each(subjects)('$name', ({ type, version, settings, fields }) => {
  test('without one of the required settings is an error that names it', () => {
    for (const name of Object.keys(settings)) {
      const { [name]: _, ...rest } = settings;
      mistakes++;
      const lines = said(type, rest, { version });
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every((line) => /^metadata: "[^"]+" is missing; /.test(line))).toBe(true);
    }
  });

  test('with a misspelt required setting is an error at it with the right name', () => {
    for (const name of Object.keys(settings).filter((each) => each.length > 3)) {
      const { [name]: value, ...rest } = settings;
      mistakes++;
      const wrong = misspelt(name);
      // Another way to authenticate may be nearer without it; the misspelt name is said all the same.
      expect(said(type, { ...rest, [wrong]: value }, { version }).some((line) => line.includes(`metadata.${wrong}: "${wrong}" is not a setting of ${type}`))).toBe(true);
    }
  });

  test('with a value of the wrong type is an error at it', () => {
    for (const field of fields.filter((each) => WRONG[each.type] !== undefined && each.values === undefined && !each.sensitive)) {
      mistakes++;
      const lines = said(type, { ...settings, [field.name]: WRONG[field.type] }, { version });
      expect(lines.some((line) => line.startsWith(`metadata.${field.name}.value: must be `))).toBe(true);
    }
  });

  test('with a value outside of a closed list is an error at it, or a warning where Dapr takes another instead', () => {
    for (const { name, values = [], lenient } of fields.filter((field) => field.values !== undefined)) {
      mistakes++;
      const lines = said(type, { ...settings, [name]: 'nonsense' }, { version });
      const place = `metadata.${name}.value: `;
      const start = `${lenient ? `warning: ${place}Dapr takes "${values[0]}" instead: ` : place}"nonsense" is not one of `;
      expect(lines.some((line) => line.startsWith(start))).toBe(true);
    }
  });

  test('with a value of a closed list in another case is taken only where its component takes it', () => {
    for (const { name, values = [], anyCase, lenient } of fields.filter((field) => field.values?.some((value) => value !== value.toUpperCase()))) {
      const value = values.filter((each) => each !== each.toUpperCase()).at(-1)!;
      const lines = said(type, { ...settings, [name]: value.toUpperCase() }, { version });
      const isTaken = anyCase || (lenient && value === values[0]);
      expect(lines.some((line) => line.includes(`metadata.${name}.value: `) && line.includes(`"${value.toUpperCase()}" is not one of `))).toBe(!isTaken);
    }
  });

  test('with a name in another case is a warning where its component does not read it so', () => {
    for (const { name, exact } of fields.filter((field) => !Object.hasOwn(settings, field.name))) {
      const other = name[0].toUpperCase() + name.slice(1);
      if (other === name) continue;
      const lines = said(type, { ...settings, [other]: SECRET }, { version });
      expect(lines.includes(`warning: metadata.${other}: "${other}" is not read; ${type} looks for "${name}"`)).toBe(exact);
    }
  });

  test('with a secret in plain text is a warning at it', () => {
    for (const field of fields.filter(({ sensitive, name }) => sensitive && !/(url|host)$/i.test(name))) {
      mistakes++;
      const lines = said(type, { ...settings, [field.name]: 'hunter2' }, { version });
      expect(lines).toContain(`warning: metadata.${field.name}.value: the secret "${field.name}" is in plain text; keep it in a Secret`);
    }
  });

  test('in a version that it does not have is an error', () => {
    mistakes++;
    const versions = knownType(type, version)!.versions.map((each) => `"${each}"`).join(' or ');
    expect(said(type, settings, { version: 'v9' })).toEqual([`version: "v9" is not a version of ${type}; give ${versions}`]);
  });

  test('with a misspelt type is a warning with the right name', () => {
    mistakes++;
    const [kind, ...rest] = type.split('.');
    const wrong = `${kind}.${misspelt(rest.join('.'))}`;
    expect(said(wrong, settings, { version })).toEqual([expect.stringContaining(`warning: type: "${wrong}" is not a component that Dapr 1.18 has; did you mean "`)]);
  });
});

test('more than a thousand mistakes were made', () => {
  expect(mistakes).toBeGreaterThan(1000);
});

test('a setting from a Secret has no value to be checked', () => {
  expect(said('pubsub.redis', { redisHost: SECRET, redisPassword: SECRET, queueDepth: SECRET })).toEqual([]);
});
