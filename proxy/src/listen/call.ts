/** What a server makes of each request, the same for HTTP/1.1 and HTTP/2. No logic. */
import { Caller } from '../delivery/event';
import { Logger } from '../observe/log';
import { Body } from '../wire/body';
import { RawHeaders } from '../wire/headers';

/** One incoming call, whatever carried it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** As received. */
  readonly raw: RawHeaders;
  readonly source: Body;
  readonly caller: Caller;
}

export interface ServerSettings {
  readonly maxHeaders: number;
  readonly maxWaiting: number;
  readonly log: Logger;
  /** Never throws. */
  readonly serve: (call: Call) => void;
}
