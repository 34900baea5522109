/** Values of components that look like credentials (docs/spec M69); the value itself must not reach a log. */
import type { Json } from '../kubernetes/json';

/** Endings of keys, among them those that Dapr's own components mark as sensitive. */
const WORDS = ['passw(?:or)?d', 'passphrase', 'secret', 'token', 'connection[_-]?string', 'credentials?'];
const KEYS = ['api', 'access', 'secret', 'account', 'shared', 'private', 'master', 'client', 'auth', 'seed', 'policy'];
const ENDINGS = [...WORDS, `(?:${KEYS.join('|')})[_-]?key`, 'access[_-]?key[_-]?secret'];
const CREDENTIAL_KEY = new RegExp(`(?:${ENDINGS.join('|')})$`, 'i');
/** `scheme://user:password@host` */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** What it looks like; `undefined` for any other value. */
export function credentialLike(name: string, value: Json | undefined): string | undefined {
  if (typeof value === 'string' && URL_WITH_PASSWORD.test(value)) return 'a URL with a password';
  const given = typeof value === 'number' || (typeof value === 'string' && value !== '');
  return given && CREDENTIAL_KEY.test(name) ? 'a credential' : undefined;
}
