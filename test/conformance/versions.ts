// What the suite judges against; `docs/reference/compatibility.md` names the same versions.
export { VERSIONS } from '../testbed/versions';
