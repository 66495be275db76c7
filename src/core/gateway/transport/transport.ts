import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { AppError } from '#shared/errors.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { AnswerHead, GatewayAnswer, OpenAnswer } from '../model/request.ts';
import type { SignedRequest } from '../signing/sign-request.ts';
import type { ByteBudget } from './byte-budget.ts';
import { decompressed, decompressedWhole, undecodable } from './decompress.ts';
import type { Timeouts } from './dispatcher.ts';
import { type CertificateFacts, PinMismatch } from './tls.ts';
import { brokenOff, cancelled, transportError, untrustedCertificate } from './transport-errors.ts';
import { Overdue } from './transport-failures.ts';
import { flatHeaders, PaceGuard, WholeAnswer } from './whole-answer.ts';

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** A list that may need long to begin. */
  slow?: boolean | undefined;
  /** By when all of the answer has to be there; see {@link Transport.deadline}. */
  deadline?: number | undefined;
  /** Called with the head of the answer as soon as it is there. */
  onHead?: ((head: AnswerHead) => void) | undefined;
}

interface TransportSettings {
  proxied: boolean;
  timeouts: Timeouts;
  budget: ByteBudget;
  /** Looks at the certificate that was not trusted, for whoever has to compare it. */
  lookAtCertificate: () => Promise<CertificateFacts | null>;
  onPinMismatch?: ((shown: CertificateFacts | null) => void) | undefined;
}

/** Sends signed requests over one pool of connections. Never follows a redirect, never repeats. */
export class Transport {
  readonly #dispatcher: Dispatcher;
  readonly #endpoint: Endpoint;
  readonly #settings: TransportSettings;
  readonly #closing = new AbortController();
  /** By the caller's signal: many requests come with the same one, and joining signals is dear. */
  readonly #joined = new WeakMap<AbortSignal, AbortSignal>();

  constructor(dispatcher: Dispatcher, endpoint: Endpoint, settings: TransportSettings) {
    this.#dispatcher = dispatcher;
    this.#endpoint = endpoint;
    this.#settings = settings;
  }

  /** By when a request that begins now has to be answered in full, on the clock of `performance`. */
  deadline({ slow }: Pick<SendOptions, 'slow'> = {}): number {
    const { whole, list } = this.#settings.timeouts;
    return performance.now() + (slow ? list : whole);
  }

  /** Sends and waits for the head of the answer. */
  async send(request: SignedRequest, options: SendOptions = {}): Promise<OpenAnswer> {
    const signal = this.#joinedWith(options.signal);
    if (signal.aborted) throw cancelled(signal.reason, false);
    const overdue = new AbortController();
    const left = (options.deadline ?? this.deadline(options)) - performance.now();
    const timer = setTimeout(
      () => overdue.abort(new Overdue('did not answer in full in time', true)),
      Math.max(0, left),
    );
    try {
      const answer = await this.#dispatcher.request({
        ...this.#toDispatch(request, options),
        signal: AbortSignal.any([signal, overdue.signal]),
      });
      const headers = flatHeaders(answer.headers);
      const head = { status: answer.statusCode, headers, requestId: headers['x-amz-request-id'] };
      options.onHead?.(head);
      const { body } = this.#decoded({ ...head, body: answer.body });
      return { ...head, body: this.#chunks(body, signal, timer) };
    } catch (thrown) {
      clearTimeout(timer);
      if (signal.aborted) throw cancelled(thrown);
      throw await this.#explain(thrown);
    }
  }

  /** Sends and waits for the whole answer. */
  async sendWhole(request: SignedRequest, options: SendOptions = {}): Promise<GatewayAnswer> {
    const signal = this.#joinedWith(options.signal);
    if (signal.aborted) throw cancelled(signal.reason, false);
    const answer = new WholeAnswer({
      signal,
      onHead: options.onHead,
      deadline: options.deadline ?? this.deadline(options),
      longestPause: this.#settings.timeouts.body,
      budget: this.#settings.budget,
    });
    try {
      this.#dispatcher.dispatch(this.#toDispatch(request, options), answer);
      return await decompressedWhole(await answer.arrived, this.#settings.budget);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      if (signal.aborted) throw cancelled(thrown, answer.sent);
      if (answer.received === null) throw await this.#explain(thrown);
      throw this.#breaking(thrown, answer.received);
    }
  }

  /** Ends every connection and cancels what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#dispatcher.destroy();
  }

  /** Aborts with the caller's signal, and when this closes. */
  #joinedWith(signal: AbortSignal | undefined): AbortSignal {
    if (!signal) return this.#closing.signal;
    const known = this.#joined.get(signal);
    if (known) return known;
    const joined = AbortSignal.any([signal, this.#closing.signal]);
    this.#joined.set(signal, joined);
    return joined;
  }

  async #explain(thrown: unknown): Promise<AppError> {
    if (thrown instanceof PinMismatch) this.#settings.onPinMismatch?.(thrown.shown);
    const error = transportError(thrown, this.#endpoint, this.#settings.proxied);
    if (error.code !== 'CERTIFICATE_UNTRUSTED') return error;
    const facts = await this.#settings.lookAtCertificate().catch(() => null);
    return untrustedCertificate(this.#endpoint, String(error.details?.cause), facts);
  }

  #decoded(answer: AnswerHead & { body: Readable }): OpenAnswer {
    try {
      return decompressed(answer);
    } catch (thrown) {
      // Nobody is going to read it: the connection is given up.
      answer.body.on('error', () => undefined).destroy();
      throw thrown;
    }
  }

  async *#chunks(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    timer: NodeJS.Timeout,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const pace = new PaceGuard(this.#settings.timeouts.body);
    let received = 0;
    let since = performance.now();
    try {
      for await (const chunk of body) {
        received += chunk.byteLength;
        // Only the gateway's time counts, not that of whoever reads.
        if (pace.isTooSlow(chunk.byteLength, performance.now() - since)) {
          throw new Overdue('sends its answer too slowly', true);
        }
        yield chunk;
        since = performance.now();
      }
    } catch (thrown) {
      if (signal.aborted) throw cancelled(thrown);
      throw this.#breaking(thrown, received);
    } finally {
      clearTimeout(timer);
    }
  }

  #breaking(cause: unknown, received: number): AppError {
    const thrown = undecodable(cause);
    if (thrown instanceof AppError) return thrown;
    const error = transportError(thrown, this.#endpoint, this.#settings.proxied);
    return error.code === 'TIMED_OUT' ? error : brokenOff(received, thrown);
  }

  #toDispatch(request: SignedRequest, options: SendOptions): Dispatcher.DispatchOptions {
    return {
      origin: this.#endpoint.origin,
      path: request.target,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      headersTimeout: this.#settings.timeouts.headers * (options.slow ? 3 : 1),
    };
  }
}
