/** Colours of a terminal; none elsewhere, and none where NO_COLOR is set. */
export type Paint = (text: string) => string;

export interface Colours {
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly bold: Paint;
}

const painted = (code: number): Paint => (text) => `\u001b[${code}m${text}\u001b[0m`;
const plain: Paint = (text) => text;

const COLOURED: Colours = { red: painted(31), green: painted(32), yellow: painted(33), bold: painted(1) };
const PLAIN: Colours = { red: plain, green: plain, yellow: plain, bold: plain };

export function colours(wanted = false): Colours {
  return wanted ? COLOURED : PLAIN;
}

/** Any value of NO_COLOR but an empty one switches them off, as https://no-color.org has it. */
export function showsColours(isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR: off, TERM: terminal } = environment;
  return isTerminal && (off === undefined || off === '') && terminal !== 'dumb';
}
