/**
 * The platform's settings as a whole, both of typed props and of YAML. A setting has its reader, which is its type and
 * its check, in the file of the decision that follows it; places are merged field by field, and the nearest wins.
 *
 * In YAML, durations, sizes and names are text; the proxy's typed settings have a way of their own.
 */
import { PLAN_SETTINGS } from './plan';
import { DEFAULT_GATEWAY_KEY, GATEWAY } from './route';
import type { PlatformSettingsProps } from '../../platform-settings-props';
import { boolean, into, listOf, object, Place, Read, Reader, word } from '../function/readers';
import { copy, isObject, JsonObject, present } from '../kubernetes/json';
import { Problem, Problems } from '../problem/problem';
import { checkProps, Names, PROXY_NAMES } from '../settings/known-props';
import { checkProxy, proxyOf } from '../settings/proxy';
import { copyPlain } from '../yaml/copy-plain';

const FIELDS = {
  ...PLAN_SETTINGS,
  /** Of the wiring. */
  closedTopics: boolean,
  /** Names that no catalogue has, and that are right. */
  knownNames: into(listOf(word), present),
};

export type PlatformModel = Read<typeof FIELDS>;

export interface PlatformRead {
  readonly platform: PlatformModel;
  /** An image reference, in YAML only. */
  readonly proxyImage?: string;
  readonly strict?: boolean;
}

/** `gateway` is the one that functions without a reference attach to. */
export const platform: Reader<PlatformRead> = into(
  object({ ...FIELDS, gateway: GATEWAY, proxyImage: word, strict: boolean }),
  ({ gateway, proxyImage, strict, ...fields }) => ({
    platform: gateway === undefined ? fields
      : { ...fields, gateways: { ...fields.gateways, [DEFAULT_GATEWAY_KEY]: gateway } },
    ...(proxyImage !== undefined && { proxyImage }),
    ...(strict !== undefined && { strict }),
  }),
);

/** What props hold that YAML has as text. */
const OBJECTS: Names = { proxy: PROXY_NAMES, proxyImage: 'image' };

/** Typed settings, read as what they would be in YAML; the image of the proxy is an object of its own. */
export function platformOf(
  { proxy: ofProxy, proxyImage, ...props }: PlatformSettingsProps,
): { platform: PlatformModel; problems: Problem[] } {
  const problems = new Problems();
  const at: Place = { path: [], problems };
  // Numbers that are not finite and what JSON does not have are reported here.
  const plain = copyPlain(props, problems);
  const read = platform(isObject(plain) ? plain : {}, at)?.platform ?? {};
  const { unknown, misshapen } = checkProps({ proxy: ofProxy, proxyImage }, OBJECTS);
  problems.add(...unknown, ...misshapen);
  if (misshapen.length > 0 || !ofProxy) return { platform: read, problems: problems.all };
  const model = proxyOf(ofProxy);
  problems.add(...checkProxy(model, ['proxy']));
  return { platform: { ...read, proxy: copy(model as JsonObject) as typeof model }, problems: problems.all };
}
