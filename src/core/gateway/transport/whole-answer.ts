import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { AppError } from '#shared/errors.ts';
import type { AnswerHead, GatewayAnswer } from '../request.ts';

/** An answer that is collected whole may be this long; longer ones are streamed. */
export const longestAnswer = 512 * 1024 * 1024;
/** An error body longer than this says no more. */
export const longestError = 64 * 1024;

/** An answer no gateway gives. */
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

/**
 * Receives one answer whole, straight from the connection: for the short answers that a gateway
 * mostly gives, a stream and what reads it cost several times what the answer does.
 */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  /** The answer; rejects with what the connection, or the aborting signal, says. */
  readonly arrived: Promise<GatewayAnswer>;
  readonly #signal: AbortSignal;
  readonly #onHead: ((head: AnswerHead) => void) | undefined;
  readonly #settle: { resolve(answer: GatewayAnswer): void; reject(reason: unknown): void };
  readonly #chunks: Uint8Array[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #head: AnswerHead | null = null;
  #received = 0;

  constructor(signal: AbortSignal, onHead: ((head: AnswerHead) => void) | undefined) {
    this.#signal = signal;
    this.#onHead = onHead;
    const { promise, resolve, reject } = Promise.withResolvers<GatewayAnswer>();
    this.arrived = promise;
    this.#settle = { resolve, reject };
    signal.addEventListener('abort', this.#abort);
  }

  /** Bytes of the body that came; null while the head has not. */
  get received(): number | null {
    return this.#head && this.#received;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#abort();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    incoming: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    const headers = flatHeaders(incoming);
    this.#head = { status, headers, requestId: headers['x-amz-request-id'] };
    this.#onHead?.(this.#head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#received += chunk.byteLength;
    const isError = (this.#head?.status ?? 0) >= 300;
    if (this.#received <= (isError ? longestError : longestAnswer)) return;
    if (isError) this.#finish();
    else this.#settle.reject(tooLong());
    controller.abort(new Error('too long'));
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#settle.reject(error);
  }

  #finish(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    if (!this.#head) throw new Error('An answer without a head.');
    const [only] = this.#chunks;
    const bytes = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#settle.resolve({ ...this.#head, bytes });
  }

  readonly #abort = (): void => {
    const { reason } = this.#signal;
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  };
}
