import { colours, showsColours } from '../../src/cli/colours';
import { progressOn } from '../../src/cli/progress';

describe('a line of progress', () => {
  test('appears after a second, changes ten times a second at most, and goes when the work is done', () => {
    let time = 0;
    const written: string[] = [];
    const progress = progressOn((text) => written.push(text), () => time);
    for (const at of [0, 999, 1_000, 1_050, 1_100, 1_250]) {
      time = at;
      progress.step('reading files', at, 2_000);
    }
    progress.end();
    progress.end();
    expect(written).toEqual([
      '\r\u001b[Kreading files: 1000 of 2000', '\r\u001b[Kreading files: 1100 of 2000', '\r\u001b[Kreading files: 1250 of 2000', '\r\u001b[K',
    ]);
  });

  test('of quick work never appears', () => {
    const written: string[] = [];
    const progress = progressOn((text) => written.push(text), () => 0);
    progress.step('reading files', 1, 2);
    progress.end();
    expect(written).toEqual([]);
  });
});

describe('colours', () => {
  test.each([
    [true, {}, true], [false, {}, false], [true, { NO_COLOR: '1' }, false], [true, { NO_COLOR: '' }, true], [true, { TERM: 'dumb' }, false],
  ])('on a terminal: %s, with %j: %s', (terminal, environment, shown) => {
    expect(showsColours(terminal, environment)).toBe(shown);
  });

  test('are escapes where they are wanted, and nothing elsewhere', () => {
    expect(colours(true).red('x')).toBe('\u001b[31mx\u001b[0m');
    expect(colours().red('x')).toBe('x');
  });
});
