// Runs around every test file: daemons end with it, and its counts reach the table.
import { basename } from 'node:path';
import { flush } from './tally';
import { stopAll } from '../../testbed';

afterAll(async () => {
  flush(basename(expect.getState().testPath!, '.test.ts'));
  await stopAll();
});
