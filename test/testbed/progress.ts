// Progress of steps that take long, on standard error: jest keeps standard output for itself until a suite ends.

export function note(text: string): void {
  process.stderr.write(`testbed: ${text}\n`);
}

/** Runs a step that may take minutes: says what begins, and how long it took. */
export async function step<T>(text: string, run: () => Promise<T>): Promise<T> {
  const begin = Date.now();
  note(`${text} …`);
  const result = await run();
  note(`${text}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return result;
}
