/** Stands between KEDA and the proxy's scaler: questions are answered as ever, but nothing that the proxy pushes gets through. */
import * as grpc from '@grpc/grpc-js';
import { RawGrpcClient } from '../../integration/support/grpc-client';
import { waitFor } from '../../testbed';

const SERVICE = '/externalscaler.ExternalScaler';
const identity = (buffer: Buffer) => buffer;

export class DeafRelay {
  public static async start(address: string, proxyAddress: string, port: number): Promise<DeafRelay> {
    const relay = new DeafRelay(address, new RawGrpcClient(`${proxyAddress}:${port}`));
    await new Promise<void>((resolve, reject) => {
      relay.server.bindAsync(`${address}:${port}`, grpc.ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
    return relay;
  }

  private readonly server = new grpc.Server();
  private streams = 0;
  private polls = 0;

  private constructor(public readonly address: string, proxy: RawGrpcClient) {
    for (const method of ['IsActive', 'GetMetricSpec', 'GetMetrics']) {
      this.server.addService({ call: definition(method, false) }, {
        call: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
          proxy.unary(`${SERVICE}/${method}`, call.request).then((answer) => {
            done(null, answer);
            if (method === 'IsActive') this.polls += 1;
          }, (error: grpc.ServiceError) => done(error));
        },
      });
    }
    this.server.addService({ call: definition('StreamIsActive', true) }, { call: () => { this.streams += 1; } });
  }

  /** Waits until KEDA listens here, and has just polled: its next poll is a whole interval away. */
  public async swallows(): Promise<void> {
    await waitFor(() => this.streams > 0, { what: 'KEDA opening a stream for pushes' });
    const before = this.polls;
    await waitFor(() => this.polls > before, { what: 'KEDA asking whether the function is active', intervalMs: 5 });
  }

  public close(): void {
    this.server.forceShutdown();
  }
}

function definition(method: string, responseStream: boolean): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path: `${SERVICE}/${method}`,
    requestStream: false,
    responseStream,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
}
