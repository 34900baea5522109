/**
 * One event in, one answer out. The only place that ends an event's calls, exactly once; it owns the attempts, their
 * timers and the decision whether a failed attempt may be repeated.
 */
import { createHash } from 'node:crypto';
import { Answer } from './answer';
import { Dispatcher } from './dispatcher';
import { Caller, EventRequest } from './event';
import { Losses } from './losses';
import { Dispatched, Ticket } from './ticket';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { EventMetrics } from '../observe/metrics';
import { Kind, Outcome, outcomeOfFailure } from '../observe/outcome';
import { retryDelayMs } from '../pods/balancer';
import { AnswerSink, Attempt, OutRequest } from '../pods/channel';
import { Pod } from '../pods/pod';
import { Cause, FAILURES } from '../wire/failures';
import { formatTimeout, FRAME_PREFIX_BYTES } from '../wire/grpc-wire';
import { RawHeaders, withHeader } from '../wire/headers';

export interface ExchangeContext {
  readonly dispatcher: Dispatcher;
  readonly losses: Losses;
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

/** A streamed answer up to this size leaves in one piece; one to an event always does, so that it can be repeated. */
const WHOLE_ANSWER_BYTES = 64 * 1024;
/** A deadline is rewritten only if the event really waited: otherwise it passes byte for byte. */
const REWRITE_TIMEOUT_AFTER_MS = 5;
/** The pod's timer for a deadline may be ahead of ours by this much. */
const TIMER_SLACK_MS = 10;
/** Two equal messages of a binding may still be two; topic events carry an id, jobs are acknowledged one by one. */
const JOINABLE: ReadonlySet<Kind> = new Set(['topic', 'bulk', 'job']);

export class Exchange implements AnswerSink, Dispatched {
  private readonly ticket = new Ticket(this);
  private readonly answer = new Answer();
  private readonly callers: Caller[] = [];
  private readonly receivedAt: number;
  private hash: string | undefined;
  private pod: Pod | undefined;
  private attempt: Attempt | undefined;
  private attempts = 0;
  private losses = 0;
  private waitedMs = 0;
  private waitingSince: number | undefined;
  private sentAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  public constructor(
    private readonly request: EventRequest, caller: Caller, private readonly context: ExchangeContext,
  ) {
    this.receivedAt = context.clock.now();
    this.adopt(caller);
  }

  public get bytes(): number {
    return this.request.body.length;
  }

  public get returnable(): boolean {
    return this.request.kind === 'topic' || this.request.kind === 'bulk';
  }

  public submit(): void {
    // A caller may be gone before its event was complete.
    if (this.over) return;
    const { dispatcher, losses } = this.context;
    this.ticket.alone = losses.suspects(this.request.identity);
    dispatcher.submit(this.ticket);
  }

  public identity(): string | undefined {
    const { kind, path, body } = this.request;
    if (!JOINABLE.has(kind)) return undefined;
    return this.hash ??= `${path} ${createHash('sha256').update(body).digest('base64')}`;
  }

  public adopt(caller: Caller): void {
    this.callers.push(caller);
    caller.onGone(() => this.callerGone(caller));
  }

  public leave(): Caller {
    this.over = true;
    this.request.reservation.release();
    this.context.metrics.joined(this.request.kind);
    return this.callers[0]!;
  }

  public waits(): void {
    if (this.waitingSince !== undefined) return;
    const { clock, dispatcher, holdMs } = this.context;
    this.waitingSince = clock.now();
    const hold = holdMs === 0 ? Infinity : Math.max(holdMs - this.waitedMs, 0);
    const left = (this.request.deadlineAt ?? Infinity) - this.waitingSince;
    this.setTimer(Math.min(hold, left), () => {
      // While draining the event stays unanswered instead, so that the broker delivers it again.
      if (left < hold || !dispatcher.draining) this.fail('hold-over');
    });
  }

  /** Called by the dispatcher, which has already counted the event as in flight on this pod. */
  public start(pod: Pod): void {
    const { clock, functionMs } = this.context;
    this.sentAt = clock.now();
    if (this.waitingSince !== undefined) this.waitedMs += this.sentAt - this.waitingSince;
    this.waitingSince = undefined;
    this.pod = pod;
    this.attempts++;
    const left = (this.request.deadlineAt ?? Infinity) - this.sentAt;
    const limit = functionMs === 0 ? Infinity : functionMs;
    this.setTimer(Math.min(left, limit), () => this.timedOut(left < limit ? 'deadline' : 'timeout'));
    this.guarded(() => {
      const attempt = pod.channel!.send(this.outgoing(), this);
      // It may have failed already.
      if (this.pod === pod) this.attempt = attempt;
    });
  }

  public head(status: number, headers: RawHeaders): void {
    this.answer.begin(status, headers);
    // The beginning of a stream is passed on at once; the answer to an event is complete or nothing.
    if (!this.request.unary) setImmediate(() => this.guarded(() => this.startStreaming()));
  }

  public data(chunk: Buffer): void {
    this.guarded(() => {
      const { grpc, reservation, unary } = this.request;
      if (!this.answer.streaming) reservation.add(chunk.length);
      this.answer.add(chunk, this.attempt);
      if (!unary) {
        if (this.answer.size > WHOLE_ANSWER_BYTES) this.startStreaming();
      } else if (this.answer.size > this.context.maxMessage + (grpc ? FRAME_PREFIX_BYTES : 0)) {
        this.cancelAttempt();
        this.fail('too-large');
      }
    });
  }

  public end(trailers: RawHeaders | undefined): void {
    this.guarded(() => {
      const functionMs = this.context.clock.now() - this.sentAt;
      const bodyIsGone = this.attempts === 1 && this.attempt?.flushed;
      this.pod?.succeeded();
      this.releasePod();
      const { identity } = this.request;
      if (identity !== undefined && (this.ticket.alone || this.losses > 0)) this.context.losses.handled(identity);
      if (this.over) return;
      this.answer.deliver(this.callers, trailers);
      this.finish(this.answer.outcome(this.request.grpc, trailers), functionMs);
      if (bodyIsGone) this.request.reservation.recycle();
    });
  }

  public lost(cause: Cause): void {
    this.guarded(() => {
      const pod = this.pod;
      const late = this.isPastDeadline();
      if (cause === 'not-a-function') pod?.brokeProtocol(FAILURES[cause].message);
      else if (cause === 'lost' && !late) pod?.failed(FAILURES[cause].message);
      this.releasePod();
      if (this.over) return;
      if (cause === 'lost' && !late && this.noteLoss(pod)) return this.fail('ends-pods');
      if (!this.answer.streaming && !late && this.mayRepeat(cause)) this.repeat(cause, pod);
      else this.fail(late ? 'deadline' : cause);
    });
  }

  /** Ends the event with a failure of the proxy's own. */
  public fail(cause: Cause): void {
    if (this.over) return;
    const { streaming } = this.answer;
    this.finish(streaming ? 'cut' : outcomeOfFailure(cause));
    for (const caller of this.callers) {
      if (streaming) caller.cut();
      else caller.fail(cause);
    }
  }

  /** The pod knows the deadline too and may end the call first: not its fault, and too late for a repeat. */
  private isPastDeadline(): boolean {
    return this.context.clock.now() > (this.request.deadlineAt ?? Infinity) - TIMER_SLACK_MS;
  }

  /** Whatever one event makes throw fails that event, not the process. */
  private guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      const { kind, component } = this.request;
      this.context.log.error('event failed inside the proxy', { kind, component, why: messageOf(error) });
      this.cancelAttempt();
      this.fail('internal');
    }
  }

  private callerGone(caller: Caller): void {
    const at = this.callers.indexOf(caller);
    if (at < 0 || this.over) return;
    this.callers.splice(at, 1);
    if (this.callers.length > 0) return;
    this.cancelAttempt();
    this.finish('cancelled');
  }

  private mayRepeat(cause: Cause): boolean {
    const { retry } = FAILURES[cause];
    // Once an attempt was made, the beginning of a streamed body is gone.
    if (retry === 'never' || this.request.rest !== undefined) return false;
    if (retry === 'always') return true;
    return this.losses === 1 && this.request.repeatable();
  }

  /** True if the event itself ends the pods. */
  private noteLoss(pod: Pod | undefined): boolean {
    this.losses++;
    const { clock, losses, log } = this.context;
    const { component, identity, kind } = this.request;
    if (identity === undefined) return false;
    const alone = this.ticket.alone && pod?.address.shared !== 'gateway';
    if (losses.lost(identity, alone)) {
      log.error('giving up an event that ends its pods', { kind, component, heldMs: clock.now() - this.receivedAt });
      return true;
    }
    this.ticket.alone = losses.suspects(identity);
    return false;
  }

  private repeat(cause: Cause, pod: Pod | undefined): void {
    const { dispatcher, metrics, random } = this.context;
    metrics.retried(cause);
    this.request.reservation.add(-this.answer.size);
    this.answer.reset();
    // A dead channel is not picked again; a pod that is there but refuses needs time.
    if (cause === 'unreachable' || cause === 'lost') dispatcher.again(this.ticket, pod);
    else dispatcher.againAfter(this.ticket, pod, retryDelayMs(this.attempts, random));
  }

  private outgoing(): OutRequest {
    const { deadlineAt, grpc, headers } = this.request;
    const waited = this.sentAt - this.receivedAt >= REWRITE_TIMEOUT_AFTER_MS;
    if (deadlineAt === undefined || !grpc || !waited) return this.request;
    return { ...this.request, headers: withHeader(headers, 'grpc-timeout', formatTimeout(deadlineAt - this.sentAt)) };
  }

  private setTimer(ms: number, callback: () => void): void {
    const { clock } = this.context;
    clock.clearTimeout(this.timer);
    this.timer = ms === Infinity ? undefined : clock.setTimeout(callback, ms);
  }

  private timedOut(cause: 'deadline' | 'timeout'): void {
    if (cause === 'timeout') this.pod?.failed(FAILURES.timeout.message);
    this.cancelAttempt();
    this.fail(cause);
  }

  private startStreaming(): void {
    if (!this.over) this.answer.streamTo(this.callers[0]!, this.attempt);
  }

  private cancelAttempt(): void {
    this.attempt?.cancel();
    this.releasePod();
  }

  private releasePod(): void {
    const pod = this.pod;
    this.pod = undefined;
    this.attempt = undefined;
    if (pod !== undefined) this.context.dispatcher.release(this.ticket, pod);
  }

  private finish(outcome: Outcome, functionMs?: number): void {
    const { clock, dispatcher, metrics } = this.context;
    const { component, kind } = this.request;
    this.over = true;
    clock.clearTimeout(this.timer);
    const waitedMs = this.waitedMs + (this.waitingSince === undefined ? 0 : clock.now() - this.waitingSince);
    this.request.reservation.release();
    dispatcher.forget(this.ticket);
    metrics.done(kind, component, outcome, waitedMs, functionMs);
  }
}
