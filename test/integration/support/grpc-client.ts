/** A gRPC client whose messages are bytes: a function's caller, or Dapr's part towards the proxy. */
import * as grpc from '@grpc/grpc-js';

const identity = (buffer: Buffer) => buffer;

export class RawGrpcClient {
  private readonly client: grpc.Client;

  public constructor(address: string) {
    this.client = new grpc.Client(address, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1, 'grpc.enable_retries': 0,
    });
  }

  public unary(path: string, message: Buffer, metadata: Record<string, string> = {}, deadlineMs = 30_000, cancel?: AbortSignal): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + deadlineMs };
      const call = this.client.makeUnaryRequest(path, identity, identity, message, toMetadata(metadata), options, (error, answer) => (
        error ? reject(error) : resolve(answer!)));
      cancel?.addEventListener('abort', () => call.cancel());
    });
  }

  public bidi(path: string, metadata: Record<string, string>) {
    return this.client.makeBidiStreamRequest(path, identity, identity, toMetadata(metadata), { deadline: Date.now() + 30_000 });
  }

  public serverStream(path: string, message: Buffer, metadata: Record<string, string>) {
    return this.client.makeServerStreamRequest(path, identity, identity, message, toMetadata(metadata), { deadline: Date.now() + 30_000 });
  }

  public clientStream(path: string, messages: readonly Buffer[], metadata: Record<string, string>): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + 30_000 };
      const call = this.client.makeClientStreamRequest(path, identity, identity, toMetadata(metadata), options, (error, answer?: Buffer) => (
        error ? reject(error) : resolve(answer!)));
      for (const message of messages) call.write(message);
      call.end();
    });
  }

  public close(): void {
    this.client.close();
  }
}

function toMetadata(entries: Record<string, string>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}
