import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { AppError } from '#shared/errors.ts';
import type { AnswerHead, GatewayAnswer } from '../model/request.ts';
import type { ByteBudget } from './byte-budget.ts';
import { Overdue } from './transport-failures.ts';

/** An answer that is collected whole may be this long; longer ones are streamed. */
export const longestAnswer = 256 * 1024 * 1024;
/** Longer error bodies are cut off here. */
export const longestError = 64 * 1024;

export function tooLong(): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message: 'The answer is longer than any a gateway gives.',
    hint: 'Check that the endpoint is the S3 gateway itself.',
  });
}

/** Headers with names in lower case, each once. */
export function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

interface AnswerTerms {
  signal: AbortSignal;
  onHead: ((head: AnswerHead) => void) | undefined;
  /** By when all of it has to be there, on the clock of `performance`. */
  deadline: number;
  /** Longest pause within the body, milliseconds. */
  longestPause: number;
  budget: ByteBudget;
}

/**
 * Receives one answer whole, straight from the connection: for the short answers that a gateway
 * mostly gives, a stream and what reads it cost several times what the answer does.
 */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  /** The answer; rejects with what the connection, or the aborting signal, says. */
  readonly arrived: Promise<GatewayAnswer>;
  readonly #terms: AnswerTerms;
  readonly #budget: ByteBudget;
  readonly #pace: PaceGuard;
  readonly #settle: { resolve(answer: GatewayAnswer): void; reject(reason: unknown): void };
  readonly #chunks: Uint8Array[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #head: AnswerHead | null = null;
  #received = 0;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;
  /** When the last bytes came, or the wait for further ones began. */
  #since = 0;
  #over: Error | null = null;

  constructor(terms: AnswerTerms) {
    this.#terms = terms;
    this.#budget = terms.budget;
    this.#pace = new PaceGuard(terms.longestPause);
    this.#deadline = terms.deadline;
    const { promise, resolve, reject } = Promise.withResolvers<GatewayAnswer>();
    this.arrived = promise;
    this.#settle = { resolve, reject };
    terms.signal.addEventListener('abort', this.#abort);
    this.#arm();
  }

  /** Bytes of the body that came; null while the head has not. */
  get received(): number | null {
    return this.#head && this.#received;
  }

  /** Whether the request may have been on its way. */
  get sent(): boolean {
    return this.#controller !== null;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) {
      controller.abort(this.#over);
      return;
    }
    this.#controller = controller;
    if (this.#terms.signal.aborted) this.#abort();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    incoming: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    const headers = flatHeaders(incoming);
    this.#head = { status, headers, requestId: headers['x-amz-request-id'] };
    this.#since = performance.now();
    this.#terms.onHead?.(this.#head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return;
    this.#chunks.push(chunk);
    this.#received += chunk.byteLength;
    const isError = (this.#head?.status ?? 0) >= 300;
    if (this.#received > (isError ? longestError : longestAnswer)) {
      if (isError) this.#finish();
      else this.#end(tooLong());
      controller.abort(new Error('too long'));
      return;
    }
    if (this.#isHeldUp(chunk.byteLength)) {
      this.#end(new Overdue('sends its answer too slowly', true));
    } else if (!this.#budget.take(this, chunk.byteLength, this.#goOn)) {
      clearTimeout(this.#timer);
      this.#deadline -= performance.now(); // what is left of it; the wait is not the gateway's
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(error);
  }

  #isHeldUp(bytes: number): boolean {
    const now = performance.now();
    const tooSlow = this.#pace.isTooSlow(bytes, now - this.#since);
    this.#since = now;
    return tooSlow;
  }

  readonly #goOn = (): void => {
    this.#since = performance.now();
    this.#deadline += this.#since;
    this.#arm();
    // Not within the reading of the answer that made room: one parser runs at a time.
    queueMicrotask(() => this.#controller?.resume());
  };

  #arm(): void {
    const left = Math.max(0, this.#deadline - performance.now());
    this.#timer = setTimeout(() => {
      this.#end(new Overdue('did not answer in full in time', this.sent));
    }, left);
  }

  #finish(): void {
    if (!this.#head) throw new Error('An answer without a head.');
    const [only] = this.#chunks;
    const bytes = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#letGo();
    this.#settle.resolve({ ...this.#head, bytes });
  }

  #end(reason: Error): void {
    if (this.#over) return;
    this.#over = reason;
    this.#letGo();
    this.#settle.reject(reason);
    this.#controller?.abort(reason);
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#terms.signal.removeEventListener('abort', this.#abort);
    this.#budget.release(this);
    this.#chunks.length = 0;
  }

  readonly #abort = (): void => {
    const { reason } = this.#terms.signal;
    this.#end(reason instanceof Error ? reason : new Error('aborted'));
  };
}

/** Slower than this, in bytes a second, an answer is not on its way but held up. */
const leastPace = 256;

/** Notices an answer that keeps its connection busy with next to nothing: each byte restarts the wait for the next. */
export class PaceGuard {
  readonly #span: number;
  #waited = 0;
  #bytes = 0;

  /** @param span over which the pace is taken, milliseconds */
  constructor(span: number) {
    this.#span = span;
  }

  /**
   * Notes bytes and how long was waited for them.
   * @returns whether they come too slowly
   */
  isTooSlow(bytes: number, milliseconds: number): boolean {
    this.#bytes += bytes;
    this.#waited += milliseconds;
    if (this.#waited < this.#span) return false;
    const least = (leastPace * this.#waited) / 1000;
    const tooSlow = this.#bytes < least;
    this.#waited = 0;
    this.#bytes = 0;
    return tooSlow;
  }
}
