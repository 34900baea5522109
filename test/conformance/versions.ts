// What the suite judges against; the README and `docs/` name the same versions.
export { VERSIONS } from '../testbed/versions';
