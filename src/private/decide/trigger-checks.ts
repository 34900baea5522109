/** What triggers a function, and the port it listens on. */
import type { Check } from './check';
import type { FunctionModel } from '../function/function-model';
import {
  DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_DEFAULT_METRICS_PORT, DAPR_KNATIVE_METRICS_PORT, DAPR_METRICS_PORT, DAPR_PORTS,
  DAPR_SERVICE_MODE, DEFAULT_PORT, ENABLE_DAPR,
} from '../kubernetes/constants';
import { notOneOf, show } from '../problem/problem';

const ANNOTATIONS = ['serving', 'annotations'];
const MODES = ['standalone', 'sidecar'];

export const oneKindOfTrigger: Check = ({ serving }, problems) => {
  if (serving.http !== undefined && serving.dapr.length > 0) {
    problems.error(['serving', 'triggers'], '"http" and "dapr" cannot be combined; give one of them, or make two functions');
  }
};

/** Differs: the operator takes every value but "false" of a defined annotation for true. */
export const enableDapr: Check = ({ serving }, problems) => {
  const value = serving.annotations[ENABLE_DAPR];
  if (value !== undefined && value !== 'true' && value !== 'false') problems.notOneOf([...ANNOTATIONS, ENABLE_DAPR], value, ['true', 'false']);
};

/** Differs: the operator takes an unknown mode for no Dapr at all. */
export const daprServiceMode: Check = ({ serving }, problems) => {
  const value = serving.annotations[DAPR_SERVICE_MODE];
  if (value === undefined || MODES.includes(value)) return;
  const path = [...ANNOTATIONS, DAPR_SERVICE_MODE];
  if (serving.annotations[ENABLE_DAPR] === 'false') problems.warn(path, `${notOneOf(value, MODES)}; it has no effect, since ${ENABLE_DAPR} is "false"`);
  else problems.notOneOf(path, value, MODES);
};

export const appPort: Check = ({ serving }, problems) => {
  const given = serving.annotations[DAPR_APP_PORT];
  const port = serving.http?.port ?? DEFAULT_PORT;
  if (given !== undefined && given !== String(port)) {
    problems.error([...ANNOTATIONS, DAPR_APP_PORT], `${show(given)} is not the port of the function, ${port}; leave the annotation out`);
  }
};

/** What Dapr speaks with an app; the dapr-proxy's own choice is narrower and checked with it. */
const APP_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'h2c'];

export const appProtocol: Check = (model, problems) => {
  const { annotations } = model.serving;
  const given = annotations[DAPR_APP_PROTOCOL];
  if (given === undefined || APP_PROTOCOLS.includes(given) || annotations[DAPR_SERVICE_MODE] !== 'sidecar' || !usesDapr(model)) return;
  problems.notOneOf([...ANNOTATIONS, DAPR_APP_PROTOCOL], given, APP_PROTOCOLS);
};

export const portFreeOfDapr: Check = (model, problems) => {
  if (!usesDapr(model)) return;
  const { serving } = model;
  const port = serving.http?.port ?? DEFAULT_PORT;
  const path = serving.http?.port === undefined ? [...ANNOTATIONS, DAPR_METRICS_PORT] : ['serving', 'triggers', 'http', 'port'];
  if (DAPR_PORTS.includes(port)) problems.error(path, `${port} is a port of Dapr in the same pod, as are ${DAPR_PORTS.join(', ')}`);
  else if (port === metricsPort(model)) problems.error(path, `${port} is the port of Dapr's metrics in the same pod`);
};

export const metricsPortNumber: Check = ({ serving }, problems) => {
  const given = serving.annotations[DAPR_METRICS_PORT];
  if (given !== undefined && !(/^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65535)) {
    problems.error([...ANNOTATIONS, DAPR_METRICS_PORT], `${show(given)} is no port; give "1" to "65535"`);
  }
};

function metricsPort({ serving }: FunctionModel): number {
  const given = serving.annotations[DAPR_METRICS_PORT];
  if (given !== undefined) return Number(given);
  const knative = serving.http !== undefined && serving.http.engine !== 'keda';
  return knative ? DAPR_KNATIVE_METRICS_PORT : DAPR_DEFAULT_METRICS_PORT;
}

function usesDapr({ serving }: FunctionModel): boolean {
  const enable = serving.annotations[ENABLE_DAPR];
  if (enable !== undefined) return enable === 'true';
  return serving.dapr.length + serving.inputs.length + serving.unreachedInputs + serving.outputs.length + Object.keys(serving.states).length > 0;
}
