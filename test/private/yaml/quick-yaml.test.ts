import { quickDocuments } from '../../../src/private/yaml/quick-yaml';
import { differenceIn } from '../../support/both-readers';
import { randomFrom } from '../../support/odd-objects';
import { oddYaml } from '../../support/odd-texts';

describe('The quick reader', () => {
  test('reads what it reads as the library does, with the same places', () => {
    let read = 0;
    for (let seed = 1; seed <= 5_000; seed++) {
      const text = oddYaml(randomFrom(seed));
      expect(differenceIn(text)).toBeUndefined();
      if (quickDocuments(text) !== undefined) read++;
    }
    expect(read).toBeGreaterThan(500);
  });
});
