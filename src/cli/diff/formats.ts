/** A difference as text for a terminal, as Markdown for a pull request, and as JSON for programs. */
import type { Difference, FunctionChange, ObjectChange } from './compare';
import { fieldLine, functionNames, inWords, objectTitle } from './words';
import { plural } from '../../private/problem/shared';
import { Colours, colours, Paint } from '../colours';

export interface FormatOptions {
  /** Functions without their objects. */
  readonly brief?: boolean;
  readonly colours?: boolean;
}

export const FORMATS = { text, markdown, json };

export function text(difference: Difference, { brief = false, colours: wanted }: FormatOptions = {}): string {
  const { functions, objects } = difference;
  const paint = colours(wanted);
  const names = functionNames(functions);
  const width = Math.max(MIN_WIDTH, ...names.map((name) => name.length));
  const lines = functions.map((change, index) => (
    `${paint.bold(names[index].padEnd(width))}  ${paintOf(change, paint)(inWords(change).join('; '))}`));
  const details = brief ? [] : objects.flatMap((object) => objectLines(object, paint));
  const between = lines.length > 0 && details.length > 0 ? [''] : [];
  return [...lines, ...between, ...details].map((line) => `${line}\n`).join('');
}

const MIN_WIDTH = 12;

function paintOf({ change }: FunctionChange | ObjectChange, paint: Colours): Paint {
  return change === 'added' ? paint.green : change === 'removed' ? paint.red : (line) => line;
}

function objectLines(object: ObjectChange, paint: Colours): string[] {
  const title = objectTitle(object);
  const painted = object.change === 'changed' ? paint.yellow(title) : paintOf(object, paint)(title);
  return [painted, ...object.fields.map((field) => `    ${fieldLine(field)}`)];
}

export function markdown({ functions, objects }: Difference, { brief = false }: FormatOptions = {}): string {
  if (functions.length + objects.length === 0) return 'No function and no object changes.\n';
  const names = functionNames(functions);
  const rows = functions.map((change, index) => `| \`${names[index]}\` | ${inWords(change).map(cell).join('<br>')} |`);
  const table = rows.length === 0 ? [] : ['| function | changes |', '|---|---|', ...rows, ''];
  if (brief || objects.length === 0) return `${table.join('\n').trimEnd()}\n`;
  const lines = objects.flatMap((object) => [
    objectTitle(object).replace(/^~/, '!'), ...object.fields.map((field) => `    ${fieldLine(field)}`),
  ]);
  const title = `<summary>${plural(objects.length, 'object')}</summary>`;
  const details = ['<details>', title, '', FENCE_START, ...lines, FENCE, '', '</details>'];
  return `${[...table, ...details].join('\n')}\n`;
}

/** No line of an object can begin with three backticks: all are indented or begin with a sign. */
const FENCE = '```';
const FENCE_START = '```diff';

function cell(words: string): string {
  return words.replace(/[|<>&\\`*_~[\]]/g, (char) => `\\${char}`);
}

export function json(difference: Difference, { brief = false }: FormatOptions = {}): string {
  const { functions, objects } = difference;
  return `${JSON.stringify(brief ? { functions } : { functions, objects }, null, 2)}\n`;
}
