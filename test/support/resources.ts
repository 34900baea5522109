// Requests and limits from text, also what no Size and no Cpu would make.
import { Size } from 'cdk8s';
import type { ContainerResources } from '../../src';
import type { ContainerModel } from '../../src/private/function/proxy-settings';

const sizeOf = (text: string | undefined) => (text === undefined ? undefined : Object.assign(Size.mebibytes(1), { asString: () => text }));
const cpuOf = (amount: string | undefined) => (amount === undefined ? undefined : { amount });

export function resources({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ContainerModel): ContainerResources {
  return {
    cpu: { request: cpuOf(cpuRequest), limit: cpuOf(cpuLimit) },
    memory: { request: sizeOf(memoryRequest), limit: sizeOf(memoryLimit) },
  };
}
