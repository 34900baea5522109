// The typed platform settings of a golden case.
import { parse } from 'yaml';
import { resources } from './resources';
import type { PlatformSettingsProps } from '../../src';

/** YAML has no Size and no Cpu: amounts are text there. */
export function goldenSettings(text: string): PlatformSettingsProps {
  const settings = parse(text) as { proxy?: Record<string, object> };
  const proxy = Object.entries(settings.proxy ?? {}).map(([field, value]) => [field, /resources$/i.test(field) ? resources(value) : value]);
  return { ...settings, ...(settings.proxy && { proxy: Object.fromEntries(proxy) as object }) };
}
