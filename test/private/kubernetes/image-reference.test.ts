import { imageReference } from '../../../src/private/kubernetes/syntax';
import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

/** As messages show it: cut after 80 characters. */
function shown(image: string): string {
  const text = JSON.stringify(image);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const HEX = 'a1'.repeat(32);
const wrong = (image: string, fault: string) => `${shown(image)} is not a valid image reference${fault}`;
const ANY = '; give one such as "registry.acme.io/orders:1.0.0"';

test.each([
  'fn', 'fn:1', 'acme/fn', 'acme/fn:v1.2_3-x', 'docker.io/library/fn:1', 'localhost/fn', 'localhost:5000/fn:1', 'registry:5000/a/b/c:1', 'REG.example.com/fn',
  '10.0.0.1:5000/fn', '[::1]:5000/fn', 'a.b/c-d/e__f/g--h:1', `fn@sha256:${HEX}`, `acme.io/fn:1@sha256:${HEX}`, `fn@sha512:${HEX}${HEX}`, 'fn:_x', 'gcr.io/a.b/c', 'fn:1/2',
])('%s is an image', (image) => {
  expect(imageReference(image)).toBeUndefined();
});

test.each<[string, string]>([
  ['https://acme.example/fn:1', ': it has a scheme; give "acme.example/fn:1"'],
  ['docker://acme/fn', ': it has a scheme; give "acme/fn"'],
  ['<user>/fn', ': it has a placeholder in it; put the real name there'],
  ['{{ .Values.image }}', ': it has a placeholder in it; put the real name there'],
  ['acme/fn:$TAG', ': it has a placeholder in it; put the real name there'],
  ['fn:1:2', `: it has two tags${ANY}`],
  ['a.io/fn:1:2', `: it has two tags${ANY}`],
  ['A/fn', ': names are in lower case; did you mean "a/fn"?'],
  ['acme/Fn:1', ': names are in lower case; did you mean "acme/fn:1"?'],
  ['fn:', ': the tag after ":" is missing'],
  ['fn:-1', ': "-1" is not a tag, which has letters, digits, "_", "." and "-"'],
  [`fn:${'x'.repeat(129)}`, `: "${'x'.repeat(79)}… is not a tag, which has letters, digits, "_", "." and "-"`],
  ['fn@sha256:abc', ': a digest is "@sha256:" and 64 digits from 0 to 9 and a to f'],
  [`fn@sha256:${HEX.toUpperCase()}`, ': a digest is "@sha256:" and 64 digits from 0 to 9 and a to f'],
  [`fn@${HEX}`, ': a digest is "@sha256:" and 64 digits from 0 to 9 and a to f'],
  ['/fn', ANY],
  ['acme//fn', ANY],
  ['acme/fn/', ANY],
  ['-a.io/fn', ANY],
  ['a.io:port/fn', ANY],
  ['a.io/', ANY],
  ['_fn', ANY],
  ['a___b', ANY],
  ['fn ', ANY],
])('%s is not', (image, fault) => {
  expect(imageReference(image)).toBe(wrong(image, fault));
});

test('of the function, of containers beside it and of init containers are held to the same', () => {
  const template = { initContainers: [{ name: 'i', image: 'a:1:2' }], containers: [{ name: 'other', image: 'https://a/b' }] };
  expect(problemsOf(v1beta2({ template }, { image: '<user>/fn' }))).toEqual([
    `image: ${wrong('<user>/fn', ': it has a placeholder in it; put the real name there')}`,
    `serving.template.containers[0].image: ${wrong('https://a/b', ': it has a scheme; give "a/b"')}`,
    `serving.template.initContainers[0].image: ${wrong('a:1:2', `: it has two tags${ANY}`)}`,
  ]);
});
