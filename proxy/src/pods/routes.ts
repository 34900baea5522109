/**
 * HTTP functions subscribe under routes of their own: each pod is asked `GET /dapr/subscribe` after it was dialled and
 * before any event goes to it, and topic events are sent where this pod wants them.
 */
import { AnswerSink, Attempt, Channel, Connect, OutRequest } from './channel';
import { isObject } from '../config/func-context';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { Cause, NotAFunctionError } from '../wire/failures';
import { escapedPath, RawHeaders } from '../wire/headers';

/** A framework may register its routes after it listens. */
const NOT_YET_MS = 10_000;
const MAX_ANSWER_BYTES = 1024 ** 2;
const SUBSCRIBE: OutRequest = {
  method: 'GET',
  path: '/dapr/subscribe',
  headers: ['accept', 'application/json'],
  body: Buffer.alloc(0),
  grpc: false,
};

export interface Routes {
  /** By component and topic. */
  readonly ofTopic: ReadonlyMap<string, string>;
  /** All paths that the pod says it serves. */
  readonly announced: ReadonlySet<string>;
}

export interface RoutedSettings {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly log: Logger;
  readonly answerMs: number;
  readonly token?: string;
}

/** Opens channels that know the routes of their pod. */
export function connectRouted(settings: RoutedSettings): Connect {
  /** When each address was first reached; bounded, since pods come and go. */
  const firstReached = new Map<string, number>();
  return async (address, observer) => {
    const name = `${address.host}:${address.port}`;
    const transport = await settings.connect(address, observer);
    const first = firstReached.get(name) ?? settings.clock.now();
    if (firstReached.size > 1000) firstReached.clear();
    firstReached.set(name, first);
    try {
      const routes = await askRoutes(transport, settings, name, settings.clock.now() - first < NOT_YET_MS);
      return new RoutedChannel(transport, routes);
    } catch (error) {
      transport.destroy();
      throw error;
    }
  };
}

function askRoutes(channel: Channel, settings: RoutedSettings, pod: string, mayListenYet: boolean): Promise<Routes> {
  const { clock, log, answerMs, token } = settings;
  const headers = token === undefined ? SUBSCRIBE.headers : [...SUBSCRIBE.headers, 'dapr-api-token', token];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let size = 0;
    let attempt: Attempt | undefined;
    const giveUp = (why: string, kind: new (message: string) => Error = Error) => {
      clock.clearTimeout(timer);
      attempt?.cancel();
      reject(new kind(`GET /dapr/subscribe: ${why}`));
    };
    const timer = clock.setTimeout(() => giveUp(`no answer within ${answerMs} ms`), answerMs);
    const sink: AnswerSink = {
      head: (answered) => void (status = answered),
      data: (chunk) => {
        chunks.push(Buffer.from(chunk));
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) giveUp('the answer is too large');
      },
      end: () => {
        const noRoutes = status === 404 && !mayListenYet;
        if (!noRoutes && (status < 200 || status >= 300)) return giveUp(`answered ${status}`);
        const entries = noRoutes ? [] : entriesOf(Buffer.concat(chunks).toString());
        if (entries === undefined) return giveUp('the answer is not a list of subscriptions', NotAFunctionError);
        try {
          resolve(routesOf(entries, log, pod));
          clock.clearTimeout(timer);
        } catch (error) {
          giveUp(messageOf(error));
        }
      },
      lost: (cause) => giveUp(cause, cause === 'not-a-function' ? NotAFunctionError : Error),
    };
    try {
      attempt = channel.send({ ...SUBSCRIBE, headers }, sink);
    } catch (error) {
      giveUp(messageOf(error));
    }
  });
}

function routesOf(entries: readonly unknown[], log: Logger, pod: string): Routes {
  const ofTopic = new Map<string, string>();
  const announced = new Set<string>();
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry.pubsubname !== 'string' || typeof entry.topic !== 'string') continue;
    const nested = isObject(entry.routes) ? entry.routes : {};
    const rules = Array.isArray(nested.rules) ? nested.rules.filter(isObject).map(({ path }) => path) : [];
    [entry.route, nested.default, ...rules].filter(isRoute).forEach((path) => announced.add(pathOf(path)));
    if (rules.length > 0) {
      const message = 'ignoring the routing rules of the function: they belong to the subscriptions of the construct';
      log.warn(message, { pod, topic: entry.topic });
    }
    const route = [entry.route, nested.default].find(isRoute);
    if (route !== undefined) ofTopic.set(keyOf(entry.pubsubname, entry.topic), pathOf(route));
  }
  return { ofTopic, announced };
}

function isRoute(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** As Dapr would request it: with a slash, and escaped. */
function pathOf(route: string): string {
  return escapedPath(route.startsWith('/') ? route : `/${route}`);
}

/** Undefined if it is not a list; Go marshals an empty one as null. */
function entriesOf(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : value === null ? [] : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(component: string, topic: string): string {
  return JSON.stringify([component, topic]);
}

class RoutedChannel implements Channel {
  public constructor(private readonly transport: Channel, private readonly routes: Routes) {}

  public get limit(): number {
    return this.transport.limit;
  }

  public send(request: OutRequest, sink: AnswerSink): Attempt {
    const { topic } = request;
    if (topic === undefined) return this.transport.send(request, sink);
    const own = this.routes.ofTopic.get(keyOf(topic.component, topic.topic));
    const path = topic.ruled ? pathOf(request.path) : own ?? pathOf(topic.topic);
    if (this.routes.announced.has(path)) return this.transport.send({ ...request, path }, sink);
    const guard = new NotFoundGuard(sink);
    return guard.attempt = this.transport.send({ ...request, path }, guard);
  }

  public close(): void {
    this.transport.close();
  }

  public destroy(): void {
    this.transport.destroy();
  }
}

/** A 404 on a route that the pod never announced is not the function's verdict: Dapr would lose the event over it. */
class NotFoundGuard implements AnswerSink {
  public attempt: Attempt | undefined;

  public constructor(private readonly sink: AnswerSink) {}

  public head(status: number, headers: RawHeaders): void {
    if (status !== 404) return this.sink.head(status, headers);
    this.attempt?.cancel();
    this.sink.lost('not-a-function');
  }

  public data(chunk: Buffer): void {
    this.sink.data(chunk);
  }

  public end(trailers: RawHeaders | undefined): void {
    this.sink.end(trailers);
  }

  public lost(cause: Cause): void {
    this.sink.lost(cause);
  }
}

