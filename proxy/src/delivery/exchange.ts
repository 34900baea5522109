/**
 * One event in, one answer out. The only place that ends a caller's call, exactly once; it owns the attempts, their
 * timers and the decision whether a failed attempt may be repeated.
 */
import { createHash } from 'node:crypto';
import { Dispatched, Dispatcher } from './dispatcher';
import { AnswerSink, Attempt, Caller, EventRequest, Kind, OutRequest } from './event';
import { Waiter } from './waiting-line';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { EventMetrics, Outcome } from '../observe/metrics';
import { outcomeOf } from '../observe/outcome';
import { retryDelayMs } from '../pods/balancer';
import { Pod } from '../pods/pod';
import { Cause, FAILURES } from '../wire/failures';
import { formatTimeout, FRAME_PREFIX_BYTES } from '../wire/grpc-wire';
import { RawHeaders, withHeader } from '../wire/headers';

export interface ExchangeContext {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: EventMetrics;
  readonly log: Logger;
  /** 0 = without end. */
  readonly holdMs: number;
  /** 0 = none. */
  readonly functionMs: number;
  readonly maxMessage: number;
}

/** A streamed answer up to this size is written in one go; that to an event always is, so that it can be asked for again. */
const WHOLE_ANSWER_BYTES = 64 * 1024;
/** A deadline is rewritten only when the event really waited: else it passes byte for byte. */
const REWRITE_TIMEOUT_AFTER_MS = 5;
/** Timers of two processes differ by less. */
const LATE_MS = 10;
/** Two messages of a binding may be equal and still be two; topic events carry an id, jobs are acknowledged one by one. */
const JOINABLE: ReadonlySet<Kind> = new Set(['topic', 'bulk', 'job']);

let sequence = 0;

export class Exchange implements AnswerSink, Dispatched {
  public readonly seq = sequence++;
  public readonly bytes: number;
  public lineNext: Waiter | undefined;
  public linePrevious: Waiter | undefined;
  public inLine = false;
  public key: string | undefined;
  /** The pod that lost this event. */
  public avoid: Pod | undefined;
  private readonly receivedAt: number;
  private readonly callers: Caller[];
  private digest: string | undefined;
  private pod: Pod | undefined;
  private attempt: Attempt | undefined;
  private attempts = 0;
  private losses = 0;
  private waitedMs = 0;
  private waitingSince: number | undefined;
  private sentAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private backOff: NodeJS.Timeout | undefined;
  private over = false;
  private status = 0;
  private answerHead: RawHeaders | undefined;
  private chunks: Buffer[] = [];
  private size = 0;
  private streaming = false;

  public constructor(private readonly request: EventRequest, caller: Caller, private readonly context: ExchangeContext) {
    this.bytes = request.body.length;
    this.receivedAt = context.clock.now();
    this.callers = [caller];
    caller.onGone(() => this.callerGone(caller));
  }

  /** What makes two waiting events one; undefined when this one stands alone. */
  public joinKey(): string | undefined {
    const { kind, path, body } = this.request;
    if (!JOINABLE.has(kind)) return undefined;
    return this.digest ??= `${path} ${createHash('sha256').update(body).digest('base64')}`;
  }

  /** Takes over the caller of an identical event; false when it is too late for that. */
  public join(other: Dispatched): boolean {
    if (this.over || this.attempt !== undefined || !(other instanceof Exchange)) return false;
    const caller = other.callers[0]!;
    this.callers.push(caller);
    other.over = true;
    caller.onGone(() => this.callerGone(caller));
    this.context.metrics.joined(this.request.kind);
    return true;
  }

  public waits(): void {
    if (this.waitingSince !== undefined) return;
    const { clock, holdMs } = this.context;
    this.waitingSince = clock.now();
    const hold = holdMs === 0 ? Infinity : Math.max(holdMs - this.waitedMs, 0);
    const left = this.request.deadlineAt === undefined ? Infinity : this.request.deadlineAt - this.waitingSince;
    clock.clearTimeout(this.timer);
    this.timer = Math.min(hold, left) === Infinity ? undefined : clock.setTimeout(() => this.heldTooLong(left < hold), Math.min(hold, left));
  }

  public backedOff(): void {
    this.backOff = undefined;
  }

  /** Called by the dispatcher, which has counted the event as in flight on this pod. */
  public start(pod: Pod): void {
    const { clock } = this.context;
    this.sentAt = clock.now();
    if (this.waitingSince !== undefined) this.waitedMs += this.sentAt - this.waitingSince;
    this.waitingSince = undefined;
    this.pod = pod;
    this.attempts++;
    this.startTimer();
    try {
      this.attempt = pod.channel!.send(this.outgoing(), this);
      if (this.pod === undefined) this.attempt = undefined;
    } catch (error) {
      this.broke(error);
    }
  }

  public head(status: number, headers: RawHeaders): void {
    this.status = status;
    this.answerHead = headers;
    // Whoever reads a stream sees its beginning at once; the answer to an event is complete or nothing.
    if (!this.request.unary) setImmediate(() => this.guarded(() => this.startStreaming()));
  }

  public data(chunk: Buffer): void {
    this.guarded(() => this.take(chunk));
  }

  public end(trailers: RawHeaders | undefined): void {
    this.guarded(() => this.complete(trailers));
  }

  public lost(cause: Cause): void {
    this.guarded(() => this.failedAttempt(cause));
  }

  /** Ends the event with a failure of the proxy's own. */
  public fail(cause: Cause): void {
    if (this.over) return;
    this.finish(cause === 'full' ? 'refused' : cause);
    for (const caller of this.callers) {
      if (this.streaming) caller.cut();
      else caller.fail(cause);
    }
  }

  private take(chunk: Buffer): void {
    if (this.streaming) return this.stream(chunk);
    this.chunks.push(chunk);
    this.size += chunk.length;
    const { grpc, unary } = this.request;
    if (!unary) {
      if (this.size > WHOLE_ANSWER_BYTES) this.startStreaming();
    } else if (this.size > this.context.maxMessage + (grpc ? FRAME_PREFIX_BYTES : 0)) {
      this.cancelAttempt();
      this.fail('too-large');
    }
  }

  private complete(trailers: RawHeaders | undefined): void {
    const functionMs = this.context.clock.now() - this.sentAt;
    this.pod?.succeeded();
    this.letGo();
    if (this.over) return;
    const outcome = outcomeOf(this.request.grpc, this.status, this.answerHead!, trailers);
    this.finish(outcome, functionMs);
    for (const caller of this.callers) {
      if (this.streaming) caller.finish(trailers);
      else caller.whole(this.status, this.answerHead!, this.chunks, trailers);
    }
  }

  private failedAttempt(cause: Cause): void {
    const pod = this.pod;
    const late = this.isLate();
    if (cause === 'not-a-function') pod?.spokeGarbage(FAILURES[cause].message);
    else if (cause === 'lost' && !late) pod?.failed(FAILURES[cause].message);
    this.letGo();
    if (this.over) return;
    if (this.streaming) {
      this.finish('cut');
      this.callers.forEach((caller) => caller.cut());
    } else if (late) {
      this.fail('deadline');
    } else if (this.mayRepeat(cause)) {
      this.repeat(cause, pod);
    } else {
      this.fail(cause);
    }
  }

  /** The pod keeps the deadline too, and may be the first to end the call: that is no fault of its own, and no time is left to try again. */
  private isLate(): boolean {
    const { deadlineAt } = this.request;
    return deadlineAt !== undefined && this.context.clock.now() > deadlineAt - LATE_MS;
  }

  /** Whatever one event makes throw fails that event, not the process. */
  private guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.broke(error);
    }
  }

  private broke(error: unknown): void {
    this.context.log.error('event failed inside the proxy', { kind: this.request.kind, component: this.request.component, why: messageOf(error) });
    this.cancelAttempt();
    this.fail('internal');
  }

  private callerGone(caller: Caller): void {
    if (this.over) return;
    const at = this.callers.indexOf(caller);
    if (at < 0) return;
    this.callers.splice(at, 1);
    if (this.callers.length > 0) return;
    this.cancelAttempt();
    this.finish('cancelled');
  }

  private mayRepeat(cause: Cause): boolean {
    const { retry } = FAILURES[cause];
    // Of a streamed body the beginning is gone once an attempt was made.
    if (retry === 'never' || this.request.rest !== undefined) return false;
    if (retry === 'always') return true;
    return ++this.losses === 1 && this.request.repeatable();
  }

  private repeat(cause: Cause, pod: Pod | undefined): void {
    const { dispatcher, metrics, random } = this.context;
    metrics.retried(cause);
    this.avoid = pod;
    this.answerHead = undefined;
    this.chunks = [];
    this.size = 0;
    // A dead channel is not picked again; a pod that is there but refuses needs time.
    if (cause === 'unreachable' || cause === 'lost') dispatcher.again(this);
    else this.backOff = dispatcher.againAfter(this, retryDelayMs(this.attempts, random));
  }

  private outgoing(): OutRequest {
    const { deadlineAt, grpc, headers } = this.request;
    if (deadlineAt === undefined || !grpc || this.sentAt - this.receivedAt < REWRITE_TIMEOUT_AFTER_MS) return this.request;
    return { ...this.request, headers: withHeader(headers, 'grpc-timeout', formatTimeout(deadlineAt - this.sentAt)) };
  }

  private startTimer(): void {
    const { clock, functionMs } = this.context;
    clock.clearTimeout(this.timer);
    this.timer = undefined;
    const left = this.request.deadlineAt === undefined ? Infinity : this.request.deadlineAt - this.sentAt;
    const limit = functionMs === 0 ? Infinity : functionMs;
    if (Math.min(left, limit) === Infinity) return;
    this.timer = clock.setTimeout(() => this.tookTooLong(left < limit), Math.min(left, limit));
  }

  private tookTooLong(deadline: boolean): void {
    if (!deadline) this.pod?.failed(FAILURES.timeout.message);
    this.cancelAttempt();
    this.fail(deadline ? 'deadline' : 'timeout');
  }

  private heldTooLong(deadline: boolean): void {
    // While draining the event stays unanswered instead, so that the broker delivers it again.
    if (this.context.dispatcher.draining && !deadline) return;
    this.fail('hold-over');
  }

  private startStreaming(): void {
    if (this.over || this.streaming || this.answerHead === undefined) return;
    this.streaming = true;
    this.callers[0]!.begin(this.status, this.answerHead);
    const chunks = this.chunks;
    this.chunks = [];
    if (chunks.length > 0) this.stream(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  }

  private stream(chunk: Buffer): void {
    const caller = this.callers[0];
    if (caller === undefined || caller.write(chunk)) return;
    const attempt = this.attempt;
    attempt?.pause();
    caller.onDrain(() => attempt?.resume());
  }

  private cancelAttempt(): void {
    this.attempt?.cancel();
    this.letGo();
  }

  /** The pod is done with this event. */
  private letGo(): void {
    const pod = this.pod;
    this.pod = undefined;
    this.attempt = undefined;
    if (pod !== undefined) this.context.dispatcher.release(pod);
  }

  private finish(outcome: Outcome, functionMs?: number): void {
    const { clock, dispatcher, metrics } = this.context;
    this.over = true;
    clock.clearTimeout(this.timer);
    if (this.backOff !== undefined) {
      clock.clearTimeout(this.backOff);
      dispatcher.stopBackingOff(this);
    }
    const waitedMs = this.waitedMs + (this.waitingSince === undefined ? 0 : clock.now() - this.waitingSince);
    dispatcher.forget(this);
    metrics.done(this.request.kind, this.request.component, outcome, waitedMs, functionMs);
  }
}
