/** What a Service says of its port (docs/spec M28b). */
import type { ServingModel } from '../function/function-model';

/** HTTP/2 without TLS, gRPC included, as Kubernetes calls it. */
export const H2C = 'kubernetes.io/h2c';

/** Only where the function says what it speaks: the default of Dapr's annotation is no statement about the port. */
export function servicePort({ appProtocol }: ServingModel): string | undefined {
  if (appProtocol === undefined) return undefined;
  return appProtocol === 'http' ? 'http' : H2C;
}
