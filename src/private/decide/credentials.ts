/** Credentials in plain text, judged by name and value: a guess that rather misses one than warns of something else. */
import type { Check } from './outline';
import { Json, objectsIn } from '../kubernetes/json';

/** Endings of keys, among them those that Dapr's own components mark as sensitive. */
const WORDS = ['passw(?:or)?d', 'passphrase', 'secret', 'token', 'connection[_-]?string', 'credentials?'];
const KEYS = ['api', 'access', 'secret', 'account', 'shared', 'private', 'master', 'client', 'auth', 'seed', 'policy'];
const ENDINGS = [...WORDS, `(?:${KEYS.join('|')})[_-]?key`, 'access[_-]?key[_-]?secret'];
const CREDENTIAL_KEY = new RegExp(`(?:${ENDINGS.join('|')})$`, 'i');
/** `scheme://user:password@host` */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** What GitHub, GitLab, Slack and Stripe begin theirs with, and a private key. */
const TOKEN = /^(?:gh[opusr]_|github_pat_|glpat-|xox[abprs]-|[rs]k_live_)\w{10}|^-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** What it looks like; `undefined` for any other value. */
export function credentialLike(name: string, value: Json | undefined): string | undefined {
  if (typeof value === 'string' && URL_WITH_PASSWORD.test(value)) return 'a URL with a password';
  const given = typeof value === 'number' || (typeof value === 'string' && value !== '');
  return given && CREDENTIAL_KEY.test(name) ? 'a credential' : undefined;
}

/** Passwords can be numbers; under other keys a number is a limit or an id. */
const PASSWORD_KEY = /(?:passw(?:or)?d|passphrase)$/i;
const SECRET_KEY = /(?:secret|credentials?)$/i;
const SWITCH = /^(?:true|false|yes|no|on|off|none|null|enabled?|disabled?|required|optional|auto|default)$/i;
/** A variable that something else fills in, the path of a file, an address. */
const REFERENCE = /\$[({]|^(?:\/|\.{1,2}\/|~\/|[a-z]:\\)|^[a-z][a-z0-9+.-]*:\/\//i;
const NUMBER = /^[\d.]+$/;
const NAME_OF_SECRET = /^[a-z]+(?:[-.][a-z]+)*$/;
const NAME_OF_VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** For values whose meaning only their name tells. */
function plainCredential(name: string, value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || /\$[({]/.test(value)) return undefined;
  if (URL_WITH_PASSWORD.test(value)) return 'a URL with a password';
  if (TOKEN.test(value)) return 'a credential';
  const text = value.trim();
  if (SWITCH.test(text) || REFERENCE.test(text) || NAME_OF_VARIABLE.test(text)) return undefined;
  if (NUMBER.test(text) && !PASSWORD_KEY.test(name)) return undefined;
  if (SECRET_KEY.test(name) && NAME_OF_SECRET.test(text)) return undefined;
  return credentialLike(name, text);
}

const ENV_ADVICE = 'keep it in a Secret and refer to it with secretKeyRef';

export const credentialsInEnvironment: Check = ({ serving }, problems) => {
  for (const [name, value] of Object.entries(serving.params)) {
    const likeness = plainCredential(name, value);
    if (likeness !== undefined) problems.warn(['serving', 'params', name], `looks like ${likeness}; ${ENV_ADVICE}`);
  }
  for (const list of ['initContainers', 'containers']) {
    for (const [container, index] of objectsIn(serving.template?.[list])) {
      for (const [{ name, value }, entry] of objectsIn(container.env)) {
        const likeness = typeof name === 'string' ? plainCredential(name, value) : undefined;
        if (likeness === undefined) continue;
        const path = ['serving', 'template', list, index, 'env', entry, 'value'];
        problems.warn(path, `looks like ${likeness}; ${ENV_ADVICE}`);
      }
    }
  }
};

export const credentialsInTriggers: Check = ({ serving: { scaling } }, problems) => {
  scaling.triggers.forEach(({ metadata }, index) => {
    for (const [name, value] of Object.entries(metadata)) {
      const likeness = plainCredential(name, value);
      if (likeness === undefined) continue;
      const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'metadata', name];
      problems.warn(path, `looks like ${likeness}; keep it in a Secret and give it in a TriggerAuthentication`);
    }
  });
};
