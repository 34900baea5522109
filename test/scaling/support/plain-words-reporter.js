// Says in plain words, at the very end, what ran and what came of it, with the figures that the tests measured.
const { basename, join } = require('node:path');
const { existsSync, readFileSync, rmSync } = require('node:fs');

const FIGURES = join(__dirname, '..', '..', '..', '.cache', 'scaling', 'figures.jsonl');

class PlainWordsReporter {
  onRunStart() {
    rmSync(FIGURES, { force: true });
  }

  onRunComplete(_contexts, results) {
    const seconds = Math.round((Date.now() - results.startTime) / 1000);
    const say = (text) => process.stderr.write(`${text}\n`);
    say(`\nThe library's objects ran with a real kube-apiserver, KEDA, daprd and Redis, ${seconds} s in all:`);
    for (const file of results.testResults) {
      const passed = file.testResults.filter((test) => test.status === 'passed').length;
      const failed = file.testResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
      say(`  ${basename(file.testFilePath, '.test.ts')}: ${passed} of ${file.testResults.length} as expected`);
      for (const name of failed) say(`    not as expected: ${name}`);
      if (file.testExecError) say(`    did not run: ${file.testExecError.message}`);
    }
    this.sayFigures(say);
    say(results.numFailedTests + results.numFailedTestSuites === 0 ? 'Everything was as expected.' : 'Something was not as expected; see above.');
  }

  sayFigures(say) {
    if (!existsSync(FIGURES)) return;
    say('Measured (milliseconds: minimum, median, maximum):');
    for (const line of readFileSync(FIGURES, 'utf8').trim().split('\n')) {
      const { what, min, median, max, runs } = JSON.parse(line);
      say(`  ${what}: ${min}, ${median}, ${max} (${runs} runs)`);
    }
  }
}

module.exports = PlainWordsReporter;
