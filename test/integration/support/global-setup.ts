/** Builds or finds everything that the suites run, before the first test: a cold machine takes minutes here, a warm one seconds. */
import { bundleFunction, bundleProxy, goFunction, hyperFunction } from './artifacts';
import { schedulerBinary } from './scheduler';
import { Sdk, sdkFunction, SDK_FUNCTIONS } from './sdk-functions';
import { sentryBinary } from './sentry';
import ownTempFolder from '../../support/own-temp-folder';
import { daprd, ensurePackages } from '../../testbed';

export default async function globalSetup(): Promise<void> {
  ownTempFolder();
  await ensurePackages({ 'redis-server': 'redis-server', 'redis-cli': 'redis-tools', 'ip': 'iproute2', 'iptables': 'iptables' });
  await bundleProxy();
  bundleFunction();
  await goFunction();
  await hyperFunction();
  await daprd();
  await schedulerBinary();
  await sentryBinary();
  for (const name of Object.keys(SDK_FUNCTIONS)) await sdkFunction(name as Sdk);
}
