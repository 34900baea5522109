/**
 * `OnInvoke` in front of a function that answers HTTP: the message becomes the request that Dapr's HTTP channel would
 * send, the answer the message that its gRPC channel would give.
 */
import { STATUS_CODES } from 'node:http';
import { Caller, EventRequest } from '../delivery/event';
import { Cause, grpcCodeOfStatus } from '../wire/failures';
import { encodeStatusMessage, frameMessage, unframeMessage } from '../wire/grpc-wire';
import { escapedPath, RawHeaders, valueOf, without } from '../wire/headers';
import { fieldsOf, stringField, Writer } from '../wire/protobuf';

const VERBS = ['NONE', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const REQUEST = { method: 1, data: 2, contentType: 3, http: 4 } as const;
/** `Any.value`. */
const ANY_VALUE = 2;
const HTTP_VERB = 1;
const HTTP_QUERY = 2;
/** Where Go, and so Dapr, names a status differently. */
const GO_STATUS_TEXTS: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  414: 'Request URI Too Long',
  416: 'Requested Range Not Satisfiable',
  418: 'I\'m a teapot',
  509: '',
};
/** Dapr cuts the text of an error to what an ErrorInfo may carry. */
const MAX_DETAIL_LENGTH = 63;

function bytesField(message: Buffer, number: number): Buffer | undefined {
  let found: Buffer | undefined;
  for (const field of fieldsOf(message)) if (field.number === number) found = field.bytes;
  return found;
}

/** The HTTP verb of an InvokeRequest; undefined where it has none. */
export function invokeVerb(message: Buffer): string | undefined {
  try {
    const extension = bytesField(message, REQUEST.http) ?? Buffer.alloc(0);
    let verb = 0;
    for (const field of fieldsOf(extension)) if (field.number === HTTP_VERB) verb = field.uint ?? 0;
    const name = VERBS[verb];
    return name === 'NONE' || name === 'CONNECT' ? undefined : name;
  } catch {
    return undefined;
  }
}

/** Undefined if the bytes are not an InvokeRequest with an HTTP verb; Dapr's HTTP channel rejects those as well. */
export function toHttpRequest(request: EventRequest): EventRequest | undefined {
  try {
    return convert(request);
  } catch {
    return undefined;
  }
}

function convert(request: EventRequest): EventRequest | undefined {
  const message = unframeMessage(request.body);
  const verb = message && invokeVerb(message);
  if (message === undefined || verb === undefined) return undefined;
  const extension = bytesField(message, REQUEST.http) ?? Buffer.alloc(0);
  const query = stringField(extension, HTTP_QUERY);
  const contentType = stringField(message, REQUEST.contentType);
  const body = bytesField(bytesField(message, REQUEST.data) ?? Buffer.alloc(0), ANY_VALUE) ?? Buffer.alloc(0);
  return {
    ...request,
    grpc: false,
    method: verb,
    path: escapedPath(`/${(stringField(message, REQUEST.method) ?? '').replace(/^\//, '')}${query ? `?${query}` : ''}`),
    headers: [...httpHeaders(request.headers), ...(contentType ? ['content-type', contentType] : [])],
    body,
    repeatable: request.repeatable,
  };
}

function httpHeaders(headers: RawHeaders): string[] {
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    if (name.startsWith('grpc-') || name.endsWith('-bin') || name.startsWith('dapr-content-')) continue;
    if (name !== 'te' && name !== 'content-type' && name !== 'content-length') out.push(name, headers[i + 1]!);
  }
  if (valueOf(headers, 'traceparent') !== undefined) return out;
  const traceparent = traceparentOf(valueOf(headers, 'grpc-trace-bin'));
  return traceparent === undefined ? out : [...out, 'traceparent', traceparent];
}

/** OpenCensus' binary trace context: version 0, then numbered fields of fixed length. */
function traceparentOf(binary: string | undefined): string | undefined {
  const bytes = Buffer.from(binary ?? '', 'base64');
  if (bytes.length !== 29 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[18] !== 1 || bytes[27] !== 2) return undefined;
  return `00-${bytes.toString('hex', 2, 18)}-${bytes.toString('hex', 19, 27)}-${bytes.toString('hex', 28, 29)}`;
}

const NOT_METADATA = new Set(['content-type', 'content-length', 'date', 'te', 'trailer']);

/** Takes the HTTP answer and gives it to a gRPC caller. */
export class InvokeCaller implements Caller {
  private readonly chunks: Buffer[] = [];
  private begun: { status: number; headers: RawHeaders } | undefined;

  public constructor(private readonly caller: Caller) {}

  public whole(status: number, headers: RawHeaders, body: readonly Buffer[]): void {
    const content = Buffer.concat(body);
    const lowered = without(headers, NOT_METADATA).map((text, at) => at % 2 === 0 ? text.toLowerCase() : text);
    const metadata = [...lowered, 'content-type', 'application/grpc'];
    const code = grpcCodeOfStatus(status);
    if (code !== 0) return this.caller.whole(200, metadata, [], errorTrailers(status, code, content));
    const data = new Writer().bytes(ANY_VALUE, content).finish();
    const message = new Writer().bytes(1, data).string(2, valueOf(headers, 'content-type') ?? '').finish();
    this.caller.whole(200, metadata, [frameMessage(message)], ['grpc-status', '0']);
  }

  public begin(status: number, headers: RawHeaders): void {
    this.begun = { status, headers };
  }

  public write(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return true;
  }

  public onDrain(callback: () => void): void {
    callback();
  }

  public finish(): void {
    this.whole(this.begun?.status ?? 0, this.begun?.headers ?? [], this.chunks);
  }

  public fail(cause: Cause): void {
    this.caller.fail(cause);
  }

  /** Nothing of the answer has been passed on yet. */
  public cut(): void {
    this.caller.fail('lost');
  }

  public onGone(callback: () => void): void {
    this.caller.onGone(callback);
  }
}

/** The status with the ErrorInfo that Dapr adds for HTTP answers. */
function errorTrailers(status: number, code: number, content: Buffer): string[] {
  const text = GO_STATUS_TEXTS[status] ?? STATUS_CODES[status] ?? '';
  const detail = content.toString().slice(0, MAX_DETAIL_LENGTH);
  const metadata = { 'http.code': String(status), 'http.error_message': detail };
  const info = new Writer().string(1, text).string(2, 'dapr.io').map(3, metadata).finish();
  const any = new Writer().string(1, 'type.googleapis.com/google.rpc.ErrorInfo').bytes(2, info).finish();
  const details = new Writer().uint(1, code).string(2, text).bytes(3, any).finish();
  return [
    'grpc-status', String(code),
    'grpc-message', encodeStatusMessage(text),
    'grpc-status-details-bin', details.toString('base64').replace(/=+$/, ''),
  ];
}
