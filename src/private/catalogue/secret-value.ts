/** Whether a value of a sensitive setting is itself the secret. */
import { isTemplate } from './value';

/** `user:password@host`, with a scheme or as MySQL's drivers write it. */
const WITH_PASSWORD = /(^|\/\/)[^\s/:@]*:[^\s/@]+@/;
/** `password=…`, `SharedAccessKey=…` */
const PART_WITH_SECRET = /(password|pwd|passphrase|secret|token|key|signature|sig)\s*=\s*[^\s;&]/i;
/** Names whose values are addresses, secret only if they contain a password. */
const ADDRESS_NAME = /(url|uri|host|hosts|server|address|endpoint)$/i;
/** A connection string without a secret: an address, a file, or parts none of which is a secret. */
const PLAIN_CONNECTION = /^([a-z][a-z0-9+.-]*:|[\w.-]+:\d+|:memory:|[./]|[\w-]+\s*=)|\.(db|sqlite3?)(\?|$)/i;

export function holdsSecret(name: string, text: string): boolean {
  if (text === '' || isTemplate(text)) return false;
  if (WITH_PASSWORD.test(text) || PART_WITH_SECRET.test(text)) return true;
  return !(ADDRESS_NAME.test(name) || (/connection[_-]?string$/i.test(name) && PLAIN_CONNECTION.test(text)));
}
