/** What Dapr and KEDA make of a value's text. */
import type { Field, ValueType } from './field';
import { isGoDuration } from '../kubernetes/go-duration';
import { notOneOf, show } from '../problem/problem';

const TRUTH = /^(y|yes|true|t|on|1|n|no|false|f|off|0)?$/i;
const INTEGER = /^[-+]?(\d+|0x[\da-f]+)$/i;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const INTEGERS = /^\s*\d+(-\d+)?\s*(,\s*\d+(-\d+)?\s*)*$/;
const QUANTITY = /^\d+(\.\d+)?([kMGTPE]i?|m)?$/;

const TYPES: Readonly<Partial<Record<ValueType, readonly [fits: (text: string) => boolean, what: string]>>> = {
  bool: [(text) => TRUTH.test(text), 'true or false'],
  int: [(text) => INTEGER.test(text), 'an integer'],
  number: [(text) => NUMBER.test(text) || INTEGER.test(text), 'a number'],
  // Without a unit, Dapr takes it for seconds and KEDA for milliseconds.
  duration: [(text) => isGoDuration(text) || INTEGER.test(text), 'a duration such as "30s" or "1m30s"'],
  bytesize: [(text) => QUANTITY.test(text), 'a size such as "4Mi"'],
  ints: [(text) => INTEGERS.test(text), 'a list of integers such as "1,2,5-7"'],
};

/** What is wrong with the value of a setting; `undefined` when nothing is, or when only the cluster knows it. */
export function valueProblem({ type, values, separator }: Field, text: string): string | undefined {
  if (text.trim() === '' || isTemplate(text)) return undefined;
  if (values !== undefined) {
    const given = separator === undefined ? [text] : text.split(separator).map((part) => part.trim());
    const wrong = given.find((each) => !values.some((value) => value.toLowerCase() === each.toLowerCase()));
    return wrong === undefined ? undefined : notOneOf(wrong, values);
  }
  const check = TYPES[type];
  return check === undefined || check[0](text.trim()) ? undefined : `must be ${check[1]}, got ${show(text)}`;
}

/** `{namespace}` and `{uuid}` are Dapr's, `${VAR}` and `$(VAR)` those of tools that come later. */
export function isTemplate(text: string): boolean {
  return /\$\{|\$\(|\{\{|^\{[\w-]+\}$|\{(uuid|podName|namespace|appID)\}/.test(text);
}
