/** Looks at fields before they are sent, where a throw in the middle of an answer would come too late. */
import { isName, isValue } from './field-bytes';
import { RawHeaders } from './protocol';

/** Lists come again and again: those from the wire keep their identity. */
let latest: RawHeaders | undefined;

export function checkName(name: string): void {
  if (isName(Buffer.from(name), 0, name.length)) return;
  throw new Error(`header name ${JSON.stringify(name)} is not allowed in HTTP/2`);
}

export function checkFields(list: RawHeaders): void {
  if (list === latest) return;
  for (let at = 0; at < list.length; at += 2) {
    const [name, value] = [list[at]!, list[at + 1]!];
    checkName(name);
    if (!/^[^\u0100-\uffff]*$/.test(value) || !isValue(Buffer.from(value, 'latin1'), 0, value.length)) {
      throw new Error(`the value of header ${name} is not allowed in HTTP/2`);
    }
  }
  latest = list;
}
