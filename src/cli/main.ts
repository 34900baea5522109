#!/usr/bin/env node
/** The executable: the process's arguments, streams and exit code. */
import { createRequire, Module } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { showsColours } from './colours';
import { run } from './program';

/**
 * By default Node 20 compiles so much once more, for speed, that a run of a second is over before it pays: that was a
 * fifth of the CPU time for a thousand functions. Later versions have no such flag, and wait longer by themselves.
 */
if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=600000');
/** By default the heap may double before it is cleared: 150 MiB more for ten thousand functions, little less time. */
setFlagsFromString('--heap-growing-percent=30');

loadYamlOfCdk8sLate();

/** A reader such as `head` may close the pipe early. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: standard output cannot be written: ${error.message}\n`);
  process.exit(1);
});

run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: process.stderr.isTTY,
  colours: showsColours(process.stdout.isTTY, process.env),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`internal error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);

/**
 * cdk8s loads its own copy of the YAML library, which is a third of all files, to write what this command writes
 * itself: a stand-in loads it when cdk8s first uses it.
 */
function loadYamlOfCdk8sLate(): void {
  try {
    const load = createRequire(require.resolve('cdk8s'));
    const path = load.resolve('yaml');
    let library: Record<string | symbol, unknown> | undefined;
    const get = (_: object, name: string | symbol) => {
      if (library === undefined) {
        delete load.cache[path];
        library = load(path) as Record<string | symbol, unknown>;
      }
      return library[name];
    };
    load.cache[path] = Object.assign(new Module(path), { loaded: true, exports: new Proxy({}, { get }) });
  } catch {
    // In the container image all files are one, and there is nothing to resolve.
  }
}
