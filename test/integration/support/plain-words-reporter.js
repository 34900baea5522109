// Says in plain words, at the very end, what ran and what came of it.
const { basename } = require('node:path');

class PlainWordsReporter {
  onRunComplete(_contexts, results) {
    const seconds = Math.round((Date.now() - results.startTime) / 1000);
    const say = (text) => process.stderr.write(`${text}\n`);
    say(`\nThe proxy from its bundle ran with real daprd, real Redis and function processes, ${seconds} s in all:`);
    for (const file of results.testResults) {
      const passed = file.testResults.filter((test) => test.status === 'passed').length;
      const failed = file.testResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
      say(`  ${basename(file.testFilePath, '.test.ts')}: ${passed} of ${file.testResults.length} as expected`);
      for (const name of failed) say(`    not as expected: ${name}`);
      if (file.testExecError) say(`    did not run: ${file.testExecError.message}`);
    }
    say(results.numFailedTests + results.numFailedTestSuites === 0 ? 'Everything was as expected.' : 'Something was not as expected; see above.');
  }
}

module.exports = PlainWordsReporter;
