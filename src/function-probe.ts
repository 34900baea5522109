/** Probes of the function's container. */
import { entriesOf } from './private/kubernetes/json';
import { checkProbe, ProbeModel, probeOf } from './private/props/probe';
import type { GrpcProbeOptions, HttpGetProbeOptions, PortProbeOptions, ProbeOptions } from './probe-options';

/**
 * A probe of the function's container, with the factory methods of cdk8s-plus' `Probe`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export class FunctionProbe {
  /**
   * A GET request, which succeeds with a status of 200 to 399.
   *
   * @param path path of the request
   * @param options how often, and to which port
   */
  public static fromHttpGet(path: string, options: HttpGetProbeOptions = {}): FunctionProbe {
    checkProbe('httpGet', options, { path }, { path: 'text' });
    const { scheme, headers, ...rest } = options;
    const httpHeaders = headers && entriesOf(headers).map(([name, value]) => ({ name, value }));
    return new FunctionProbe(probeOf('httpGet', rest, { path, scheme, httpHeaders }));
  }

  /**
   * A TCP connection, which succeeds when it opens.
   *
   * @param options how often, and to which port
   */
  public static fromTcpSocket(options: PortProbeOptions = {}): FunctionProbe {
    checkProbe('tcpSocket', options);
    return new FunctionProbe(probeOf('tcpSocket', options));
  }

  /**
   * A call of the gRPC health checking protocol.
   *
   * @param options how often, and to which port
   */
  public static fromGrpc(options: GrpcProbeOptions = {}): FunctionProbe {
    checkProbe('grpc', options);
    const { service, ...rest } = options;
    return new FunctionProbe(probeOf('grpc', rest, { service }));
  }

  /**
   * A command that runs in the container, which succeeds with exit code 0.
   *
   * @param command the command and its arguments; no shell is involved
   * @param options how often
   */
  public static fromCommand(command: string[], options: ProbeOptions = {}): FunctionProbe {
    checkProbe('exec', options, { command }, { command: ['text'] });
    return new FunctionProbe(probeOf('exec', options, { command: [...command] }));
  }

  /** @internal */
  public readonly _probe: ProbeModel;

  private constructor(probe: ProbeModel) {
    this._probe = probe;
  }
}
