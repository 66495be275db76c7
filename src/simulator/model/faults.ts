import { SeededRandom } from './seeded-random.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** The ways in which a gateway, or what is before it, misbehaves. */
export const faultKinds = [
  // time: the gateway acts at once and answers late, slowly or never
  'latency',
  'slow-body',
  'hang-before',
  'hang-after',
  // the connection breaks: before or after the gateway acted, or within the body
  'reset-before',
  'reset-after',
  'cut-body',
  // an answer instead of the gateway's, which does not act
  'status',
  'html',
  'foreign-json',
  'error-in-success',
  'redirect',
  // the gateway acts and answers, wrongly
  'truncated-json',
  'status-after',
  // a proxy on the way back changes the answer
  'compressed',
  'recoded',
  'transformed',
  'flagged',
  // the gateway's clock
  'skewed-clock',
] as const;

type FaultKind = (typeof faultKinds)[number];

/** Which requests a fault hits; everything omitted matches. */
export interface FaultMatch {
  /** `ostor-users` …, or `s3` for ordinary S3 requests. */
  service?: string;
  method?: string;
  /** Found in the query as sent. */
  query?: string | RegExp;
  /** Found in the path as sent. */
  path?: string | RegExp;
}

export interface Fault {
  kind: FaultKind;
  match?: FaultMatch;
  /** Share of the matching requests that are hit, 0 to 1 (1). Drawn from the simulator's seed. */
  probability?: number;
  /** Requests to hit at most; omitted: no end. */
  count?: number;
  /** Matching requests to let pass first (0). */
  skip?: number;
  /** Milliseconds: of latency, of the whole slow body, of the clock's skew. */
  ms?: number;
  /** Of latency: the answer comes once this has happened, however long that takes. */
  until?: Promise<unknown>;
  /** Status of `status` and `status-after` (503), of `redirect` (307). */
  status?: number;
  /** S3's code in the body of `status`; omitted: one that fits the status. */
  code?: string;
  /** Sent as `Retry-After` with `status`: seconds or a date. */
  retryAfter?: string;
  /** `Content-Encoding` of `compressed` (gzip). */
  coding?: 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'compress';
  /** `charset` that a `recoded` answer, which is in Latin-1, declares; omitted: none. */
  charset?: string;
  /** Where a `redirect` leads. */
  location?: string;
}

interface ActiveFault {
  readonly fault: Fault;
  /** Requests hit so far. */
  readonly hits: number;
  remove(): void;
}

function found(pattern: string | RegExp | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}

function matches(match: FaultMatch, request: SimulatedRequest): boolean {
  return (
    (match.service === undefined || match.service === request.service) &&
    (match.method === undefined || match.method === request.method) &&
    found(match.query, request.rawQuery) &&
    found(match.path, request.path)
  );
}

/** Holds the faults and says which of them hit a request. They can be added and removed at run time. */
export class FaultInjector {
  private readonly active = new Set<{ fault: Fault; hits: number; seen: number }>();
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  add(fault: Fault): ActiveFault {
    const entry = { fault, hits: 0, seen: 0 };
    this.active.add(entry);
    const { active } = this;
    return {
      fault,
      get hits() {
        return entry.hits;
      },
      remove() {
        active.delete(entry);
      },
    };
  }

  clear(): void {
    this.active.clear();
  }

  /** The faults that hit this request, in the order in which they were added. Each is counted. */
  draw(request: SimulatedRequest): Fault[] {
    const drawn: Fault[] = [];
    for (const entry of this.active) {
      const { fault } = entry;
      if (!matches(fault.match ?? {}, request)) continue;
      entry.seen += 1;
      if (entry.seen <= (fault.skip ?? 0) || entry.hits >= (fault.count ?? Infinity)) continue;
      if ((fault.probability ?? 1) < 1 && this.random.fraction() >= (fault.probability ?? 1))
        continue;
      entry.hits += 1;
      drawn.push(fault);
    }
    return drawn;
  }
}
