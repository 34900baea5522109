/**
 * The fast ways against the slow ones that they have to equal, with as many objects as you like.
 *
 * Usage: npm run fuzz:yaml [-- --count 1000000 --seed 1]
 */
import { parseArgs } from 'node:util';
import { Yaml } from 'cdk8s';
import { toYaml, toYamlOfLibrary } from '../../src/cli/yaml-text';
import { fastStringify } from '../../src/private/yaml/cdk8s-yaml';
import { quickDocuments } from '../../src/private/yaml/quick-yaml';
import { differenceIn } from '../support/both-readers';
import { oddObject, randomFrom } from '../support/odd-objects';
import { mutated, oddYaml } from '../support/odd-texts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } });
const [first, count] = [Number(values.seed), Number(values.count)];

let read = 0;
for (let seed = first; seed < first + count; seed++) {
  const object = oddObject(randomFrom(seed));
  const [fast, slow] = [toYaml([object]), toYamlOfLibrary(object)];
  if (fast !== slow) throw new Error(`seed ${seed}: the writer gives\n${fast}\nand the library\n${slow}`);
  const [ofApp, ofCdk8s] = [fastStringify(object), Yaml.stringify(object)];
  if (ofApp !== ofCdk8s) throw new Error(`seed ${seed}: the writer of FastApp gives\n${ofApp}\nand cdk8s\n${ofCdk8s}`);
  const random = randomFrom(seed);
  for (const text of [mutated(fast, random), oddYaml(random)]) {
    const difference = differenceIn(text);
    if (difference !== undefined) throw new Error(`seed ${seed}: ${difference}`);
    if (quickDocuments(text) !== undefined) read++;
  }
}
console.log(`${count} objects from seed ${first} on: written the same; of ${2 * count} texts the quick reader took ${read}, read the same`);
