/**
 * KEDA's external push scaler (`externalscaler.ExternalScaler`): active while events wait or are in flight, anywhere
 * among the replicas of this proxy. Only `true` is ever pushed: up to KEDA 2.17 a pushed `false` scales to zero
 * whatever other triggers say.
 */
import { Server } from 'node:net';
import { Counts, pendingOf } from '../delivery/pending';
import { ChunkQueue, H2Server, H2Stream } from '../h2';
import { H2Caller } from '../listen/caller-h2';
import { boundConnections } from '../listen/connections';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { GRPC } from '../wire/failures';
import { frameMessage, unframeMessage } from '../wire/grpc-wire';
import { RawHeaders, valueOf } from '../wire/headers';
import { fieldsOf, stringField, Writer } from '../wire/protobuf';

const SERVICE = '/externalscaler.ExternalScaler/';
const METRIC = 'pending-events';
const SCALER_METADATA = 3;
const MAX_REQUEST_BYTES = 64 * 1024;
/** A push can be lost; an event without any pod asks again. */
const REPEAT_MS = 2000;
export const MAX_CONNECTIONS = 64;
export const MAX_SUBSCRIBERS = 64;
const MAX_STREAMS = 100;
/** For a request to arrive. */
export const REQUEST_MS = 10_000;
/** A peer that does not read must not keep the process. */
const GOODBYE_MS = 500;
const HEADERS = ['content-type', 'application/grpc'];
const OK = ['grpc-status', '0'];

export interface ScalerSettings {
  readonly total: () => Counts;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Reference {
  /** Events per pod. */
  readonly target: number;
  /** Active above it. */
  readonly activation: number;
}

interface Subscriber {
  readonly caller: H2Caller;
  readonly reference: Reference;
  active: boolean;
  pushedAt: number;
}

export class Scaler {
  private readonly h2: H2Server;
  private readonly subscribers = new Set<Subscriber>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  public constructor(private readonly settings: ScalerSettings) {
    this.h2 = new H2Server({
      maxConcurrentStreams: MAX_STREAMS,
      timers: settings.clock,
      accept: (stream, headers) => this.take(stream, headers),
      refuseLarge: (stream) => new H2Caller(stream, true).fail('too-many-headers'),
      disconnected: (why) => settings.log.debug('scaler connection ended', { why }),
    });
    boundConnections(this.server, MAX_CONNECTIONS);
  }

  public get server(): Server {
    return this.h2.server;
  }

  /** The load may have changed: pushes to the subscribers concerned. */
  public pulse(): void {
    if (this.subscribers.size === 0) return;
    const counts = this.settings.total();
    for (const subscriber of this.subscribers) this.update(subscriber, counts);
    this.settings.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.lookAgain(counts);
  }

  /** Ends the streams with OK, so that KEDA connects again without an error. Resolves when that is sent. */
  public stop(): Promise<void> {
    const { clock } = this.settings;
    clock.clearTimeout(this.timer);
    this.stopped = true;
    for (const { caller } of this.subscribers) caller.finish(OK);
    this.subscribers.clear();
    // A stream is closed before its last frame has left the process; the connection is not.
    const ended = [...this.h2.connections].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)));
    this.h2.goAway();
    return new Promise((resolve) => {
      const late = clock.setTimeout(resolve, GOODBYE_MS);
      void Promise.all(ended).then(() => {
        clock.clearTimeout(late);
        resolve();
      });
    });
  }

  public destroy(): void {
    void this.stop();
    this.h2.destroy();
  }

  private update(subscriber: Subscriber, counts: Counts): void {
    const { clock } = this.settings;
    const active = pendingOf(counts) > subscriber.reference.activation;
    const again = counts.stranded && clock.now() - subscriber.pushedAt >= REPEAT_MS;
    if (active && (!subscriber.active || again)) {
      subscriber.pushedAt = clock.now();
      subscriber.caller.write(isActiveResponse(true));
    }
    subscriber.active = active;
  }

  /** Also finds the crossing of a threshold above zero, which is not a change between idle and active. */
  private lookAgain(counts: Counts): void {
    if (pendingOf(counts) > 0) this.timer ??= this.settings.clock.setTimeout(() => this.pulse(), REPEAT_MS / 2);
  }

  private take(stream: H2Stream, headers: RawHeaders): void {
    const caller = new H2Caller(stream, true);
    const { clock } = this.settings;
    const body = new ChunkQueue();
    const late = clock.setTimeout(() => caller.cut(), REQUEST_MS);
    caller.readBy({
      data: (chunk) => {
        if (body.bytes + chunk.length <= MAX_REQUEST_BYTES) return body.push(chunk);
        clock.clearTimeout(late);
        caller.cut();
      },
      end: () => {
        clock.clearTimeout(late);
        try {
          this.answer(valueOf(headers, ':path') ?? '', unframeMessage(Buffer.concat(body.take())), caller);
        } catch (error) {
          fail(caller, GRPC.INVALID_ARGUMENT, messageOf(error));
        }
      },
      gone: () => clock.clearTimeout(late),
    });
  }

  private answer(path: string, request: Buffer | undefined, caller: H2Caller): void {
    if (request === undefined) return fail(caller, GRPC.INVALID_ARGUMENT, 'not one message');
    const pending = pendingOf(this.settings.total());
    switch (path) {
      case `${SERVICE}IsActive`:
        return reply(caller, isActiveResponse(pending > referenceOf(request).activation));
      case `${SERVICE}StreamIsActive`:
        return this.subscribe(referenceOf(request), caller);
      case `${SERVICE}GetMetricSpec`:
        return reply(caller, list(metric(referenceOf(request).target)));
      case `${SERVICE}GetMetrics`:
        return reply(caller, list(metric(pending)));
      default:
        return fail(caller, GRPC.UNIMPLEMENTED, 'no such method');
    }
  }

  private subscribe(reference: Reference, caller: H2Caller): void {
    if (this.stopped) return caller.whole(200, HEADERS, [], OK);
    const subscriber: Subscriber = { caller, reference, active: false, pushedAt: -Infinity };
    const [oldest] = this.subscribers;
    if (this.subscribers.size >= MAX_SUBSCRIBERS && oldest !== undefined) {
      this.subscribers.delete(oldest);
      oldest.caller.finish(OK);
    }
    this.subscribers.add(subscriber);
    caller.onGone(() => this.subscribers.delete(subscriber));
    caller.begin(200, HEADERS);
    const counts = this.settings.total();
    this.update(subscriber, counts);
    this.lookAgain(counts);
  }
}

function isActiveResponse(active: boolean): Buffer {
  return frameMessage(active ? new Writer().uint(1, 1).finish() : Buffer.alloc(0));
}

/** `MetricSpec` and `MetricValue` have one shape: a name, an old whole number, a float. */
function metric(value: number): Buffer {
  return new Writer().string(1, METRIC).uint(2, Math.ceil(value)).double(3, value).finish();
}

/** `GetMetricSpecResponse` and `GetMetricsResponse`: a list in field 1. */
function list(entry: Buffer): Buffer {
  return frameMessage(new Writer().bytes(1, entry).finish());
}

function reply(caller: H2Caller, message: Buffer): void {
  caller.whole(200, HEADERS, [message], OK);
}

function fail(caller: H2Caller, code: number, message: string): void {
  caller.whole(200, [...HEADERS, 'grpc-status', String(code), 'grpc-message', message], [], undefined);
}

/** Target and activation of a ScaledObjectRef; numbers only, the defaults otherwise. */
function referenceOf(request: Buffer): Reference {
  const metadata = new Map<string, string>();
  for (const { number, bytes } of fieldsOf(request)) {
    if (number === SCALER_METADATA && bytes) metadata.set(stringField(bytes, 1) ?? '', stringField(bytes, 2) ?? '');
  }
  const numberOf = (key: string, fallback: number, least: number) => {
    const value = Number(metadata.get(key) ?? NaN);
    return value >= least && value < Number.MAX_SAFE_INTEGER ? value : fallback;
  };
  return { target: numberOf('target', 1, Number.MIN_VALUE), activation: numberOf('activation', 0, 0) };
}
