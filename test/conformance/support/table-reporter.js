// Prints the table of all judges on standard output, after everything else, and one line with the result.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', '..', '..', '.cache', 'conformance');
const SOURCES = ['example', 'golden', 'own', 'generated'];
const HEADINGS = ['judge', 'examples', 'golden', 'own', 'generated', 'cases', 'accepted', 'broken refused'];

class TableReporter {
  onRunComplete(_contexts, results) {
    const rows = collect();
    const lines = [HEADINGS, ...Object.entries(rows).map(([judge, row]) => cells(judge, row))];
    const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
    const say = (text) => process.stdout.write(`${text}\n`);
    say('');
    for (const line of lines) say(line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
    for (const [judge, { notes }] of Object.entries(rows)) notes.forEach((note) => say(`${judge}: ${note}`));
    // A file that could not run has no tests to count.
    const failed = results.numFailedTests + results.testResults.filter((file) => file.testExecError).length;
    say(`${results.numPassedTests} passed, ${failed} failed`);
  }
}

function collect() {
  if (!existsSync(FOLDER)) return {};
  return Object.assign({}, ...readdirSync(FOLDER).sort().map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
}

function cells(judge, { cases, accepted, brokenRefused }) {
  const counts = SOURCES.map((source) => cases[source] ?? 0);
  return [judge, ...counts, counts.reduce((sum, count) => sum + count, 0), accepted, brokenRefused].map(String);
}

module.exports = TableReporter;
