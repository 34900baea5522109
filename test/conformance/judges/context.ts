// A strict reader of FUNC_CONTEXT and FUNC_CONTEXT_V1BETA2, in Go, as function frameworks mostly are.
import { contextBinary } from './binaries';
import { podOf } from './dapr';
import { LineJudge } from './line-judge';
import type { KubeObject } from '../../testbed';

export const VARIABLES = ['FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2'] as const;

export interface ContextQuestion {
  readonly variable: typeof VARIABLES[number];
  readonly value: string;
}

export type ContextJudge = LineJudge<ContextQuestion, { readonly error: string }>;

export async function contextJudge(): Promise<ContextJudge> {
  return new LineJudge(await contextBinary());
}

/** Both variables of every container that has them. */
export function contextsOf(objects: readonly KubeObject[]): ContextQuestion[] {
  const variables = objects.flatMap((object) => podOf(object)?.spec.containers ?? []).flatMap(({ env = [] }) => env);
  return variables.flatMap(({ name, value }) => VARIABLES.filter((variable) => variable === name).map((variable) => ({ variable, value: value ?? '' })));
}
