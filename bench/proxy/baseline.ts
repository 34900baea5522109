/**
 * The baseline: what a proxy costs that is written the obvious way, a `@grpc/grpc-js` server that passes each call on to
 * a `@grpc/grpc-js` client, messages as bytes. It listens on `PORT` and forwards to `FUNCTION_HOST`:`FUNCTION_PORT`.
 */
import * as grpc from '@grpc/grpc-js';
import { APP_CALLBACK } from '../../test/integration/support/messages';

const identity = (buffer: Buffer) => buffer;
const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

const { PORT, FUNCTION_HOST, FUNCTION_PORT } = process.env;
const client = new grpc.Client(`${FUNCTION_HOST}:${FUNCTION_PORT}`, grpc.credentials.createInsecure(), unlimited);

function unary(path: string): [grpc.ServiceDefinition, grpc.UntypedServiceImplementation] {
  const definition = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
  return [{ pass: definition }, {
    pass: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
      const options = { deadline: call.getDeadline() };
      const forwarded = client.makeUnaryRequest(path, identity, identity, call.request, call.metadata, options, (error, answer) => (
        done(error, answer)));
      call.on('cancelled', () => forwarded.cancel());
    },
  }];
}

const server = new grpc.Server(unlimited);
for (const method of ['OnTopicEvent', 'OnBindingEvent', 'OnInvoke', 'ListTopicSubscriptions', 'ListInputBindings']) {
  server.addService(...unary(`${APP_CALLBACK}/${method}`));
}
server.bindAsync(`127.0.0.1:${PORT}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
