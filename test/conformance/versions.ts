// What the suite judges against; `docs/reference/compatibility.md` names the same versions.
export { OLDEST, VERSIONS } from '../testbed/versions';
