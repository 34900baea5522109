// Runs around every test file: no daemon outlives it.
import { stopAll } from '../../testbed';

afterAll(stopAll);
