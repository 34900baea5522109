/** A function as a gRPC server, as the function frameworks are: Dapr's callbacks, invocation and a foreign streaming service. */
import * as grpc from '@grpc/grpc-js';
import { EventHandler, Verdict } from './handler';
import { PodConfig } from './pod-config';
import {
  APP_CALLBACK, APP_CALLBACK_ALPHA, APP_HEALTH, bindingResponse, bulkResponse, invokeResponse, listInputBindingsResponse,
  listTopicSubscriptionsResponse, parseBindingEvent, parseBulkEvent, parseInvokeRequest, parseJobEvent, parseTopicEvent, topicEventResponse,
  TopicStatus,
} from '../support/messages';

type Unary = (message: Buffer, metadata: grpc.Metadata) => Promise<Buffer> | Buffer;

const identity = (buffer: Buffer) => buffer;

class StatusError extends Error {
  public constructor(public readonly code: number, public readonly details: string, public readonly metadata = new grpc.Metadata()) {
    super(details);
  }
}

function topicStatus(verdict: Verdict): TopicStatus {
  switch (verdict.kind) {
    case 'ok':
    case 'success': return 'SUCCESS';
    case 'retry': return 'RETRY';
    case 'drop': return 'DROP';
    default: throw failure(verdict.code);
  }
}

function failure(code: number) {
  const trailer = new grpc.Metadata();
  trailer.set('x-function-trailer', `code ${code}`);
  return new StatusError(code, `asked to fail with ${code}`, trailer);
}

function throwFailure(verdict: Verdict) {
  if (verdict.kind === 'code') throw failure(verdict.code);
}

/** As HTTP has the names of headers. */
const lowerCased = (metadata: Readonly<Record<string, string>>) => Object.fromEntries(
  Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]),
);

function callbacks(config: PodConfig, events: EventHandler): Record<string, Unary> {
  const textHeaders = (metadata: grpc.Metadata) => Object.fromEntries(
    Object.entries(metadata.getMap()).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return {
    [`${APP_CALLBACK}/ListTopicSubscriptions`]: () => listTopicSubscriptionsResponse(config.subscriptions),
    [`${APP_CALLBACK}/ListInputBindings`]: () => listInputBindingsResponse(config.bindings),
    [`${APP_HEALTH}/HealthCheck`]: () => Buffer.alloc(0),
    [`${APP_CALLBACK}/OnTopicEvent`]: async (message, metadata) => {
      const { data, component, topic, path } = parseTopicEvent(message);
      return topicEventResponse(topicStatus(await events.handle({ via: 'topic', component, topic, path, headers: textHeaders(metadata) }, data)));
    },
    [`${APP_CALLBACK}/OnBindingEvent`]: async (message) => {
      const { name, data, metadata } = parseBindingEvent(message);
      throwFailure(await events.handle({ via: 'binding', component: name, headers: lowerCased(metadata) }, data));
      return bindingResponse({ to: config.answerTo, data: JSON.stringify({ from: name }) });
    },
    [`${APP_CALLBACK_ALPHA}/OnBulkTopicEventAlpha1`]: async (message) => {
      const { entries, component, topic, path } = parseBulkEvent(message);
      events.write({ step: 'bulk', size: entries.length, component, topic });
      return bulkResponse(await Promise.all(entries.map(async ({ entryId, data }) => (
        { entryId, status: topicStatus(await events.handle({ via: 'bulk', component, topic, path }, data)) }))));
    },
    [`${APP_CALLBACK_ALPHA}/OnJobEventAlpha1`]: async (message) => {
      throwFailure(await events.job(parseJobEvent(message).name));
      return Buffer.alloc(0);
    },
    [`${APP_CALLBACK}/OnInvoke`]: (message, metadata) => {
      const { method, data, contentType } = parseInvokeRequest(message);
      events.write({ step: 'invoke', id: method, headers: textHeaders(metadata) });
      if (method.startsWith('fail/')) throw failure(Number(method.slice('fail/'.length)));
      if (method === 'bytes') return invokeResponse(Buffer.alloc(Number(data.toString()), 'x'), 'application/octet-stream');
      return invokeResponse(Buffer.concat([Buffer.from(`${method}:`), data]), contentType);
    },
  };
}

/** A service Dapr knows nothing of; it proxies its frames one by one. */
const FOREIGN = {
  Chat: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
    call.on('data', (message: Buffer) => call.write(Buffer.concat([Buffer.from('re:'), message])));
    call.on('end', () => call.end());
  },
  Count: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
    const count = Number(call.request.toString());
    let next = 0;
    const more = () => {
      while (next < count) if (!call.write(Buffer.from(String(next++)))) return void call.once('drain', more);
      call.end();
    };
    more();
  },
  Sum: (call: grpc.ServerReadableStream<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
    let sum = 0;
    call.on('data', (message: Buffer) => (sum += Number(message.toString())));
    call.on('end', () => done(null, Buffer.from(String(sum))));
  },
};

function definition(path: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
}

export async function startGrpcFunction(config: PodConfig): Promise<void> {
  const events = new EventHandler(config);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  for (const [path, run] of Object.entries(callbacks(config, events))) {
    // One service definition per method: paths span several services.
    server.addService({ call: definition(path, false, false) }, {
      call: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
        Promise.resolve().then(async () => run(call.request, call.metadata)).then((answer) => done(null, answer), (error: unknown) => (
          error instanceof StatusError
            ? done({ code: error.code, details: error.details, metadata: error.metadata })
            : done({ code: grpc.status.INTERNAL, details: String(error) })));
      },
    });
  }
  server.addService({
    Chat: definition('/test.Foreign/Chat', true, true),
    Count: definition('/test.Foreign/Count', false, true),
    Sum: definition('/test.Foreign/Sum', true, false),
  }, FOREIGN);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`${config.address}:${config.port}`, grpc.ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  // A pod that Kubernetes stops ends what it has begun.
  process.once('SIGTERM', () => server.tryShutdown(() => process.exit(0)));
}
