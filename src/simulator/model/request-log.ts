import type { Change } from './answer.ts';

export interface LoggedRequest {
  /** Counts from 1 in the order of arrival. */
  seq: number;
  /** Milliseconds since the Unix epoch, at arrival. */
  at: number;
  method: string;
  service: string;
  /** Path and query as sent. */
  path: string;
  query: string;
  accessKeyId: string | null;
  /** The status sent, or null where no answer was (reset, hang, still under way). */
  status: number | null;
  /** What the request changed: empty for readings, refusals and faults before acting. */
  acted: readonly Change[];
  requestId: string;
}

/** Every request the simulator got, for proofs that something was done exactly once, and in which order. */
export class RequestLog {
  private readonly requests: LoggedRequest[] = [];
  private last = 0;

  /** Everything so far, oldest first. */
  get entries(): readonly LoggedRequest[] {
    return this.requests;
  }

  /** Requests that changed something, oldest first; of one kind where one is given (`user.created`). */
  acted(kind?: string): LoggedRequest[] {
    return this.requests.filter(({ acted }) =>
      kind === undefined ? acted.length > 0 : acted.some((change) => change.kind === kind),
    );
  }

  /** Notes a request. The entry is completed in place while it is served. */
  add(request: Omit<LoggedRequest, 'seq' | 'status' | 'acted' | 'accessKeyId'>): LoggedRequest {
    this.last += 1;
    const entry: LoggedRequest = {
      ...request,
      seq: this.last,
      accessKeyId: null,
      status: null,
      acted: [],
    };
    this.requests.push(entry);
    return entry;
  }

  clear(): void {
    this.requests.length = 0;
  }
}
