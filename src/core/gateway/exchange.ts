import { parseAnswer, unreadableAnswer } from './answers/answer-body.ts';
import { answerError } from './answers/answer-errors.ts';
import { reasonInBody } from './answers/answer-text.ts';
import type { Endpoint } from './endpoint.ts';
import type { KeyPair, RequestOptions } from './gateway.ts';
import type { GatewayAnswer, GatewayRequest, OpenAnswer, SignatureForm } from './request.ts';
import { signRequest } from './signing/sign-request.ts';
import type { SignatureChoice } from './signing/signature-choice.ts';
import { collectBytes, firstCharacter, ownBuffers } from './transport/byte-stream.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetry } from './transport/retry.ts';
import type { Transport } from './transport/transport.ts';

/** What an exchange is made of. */
export interface ExchangeParts {
  endpoint: Endpoint;
  key: KeyPair;
  region?: string | undefined;
  choice: SignatureChoice;
  transport: Transport;
  clock: () => Date;
  userAgent: string;
  retry?: RetryPolicy;
  /** Sees the head of every answer, refusals too. */
  onAnswer?: ((head: AnswerHead) => void) | undefined;
}

/** The head of an answer, and when and how it was asked for. */
export interface AnswerHead {
  headers: Readonly<Record<string, string>>;
  receivedAt: Date;
  form: SignatureForm;
}

/** An error body longer than this says no more. */
const longestError = 64 * 1024;

/** Signs, sends, repeats what may be repeated, and turns refusals into errors. */
export class Exchange {
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** A reading whose body is JSON; repeated while what fails can pass. */
  async readJson(request: GatewayRequest, options: RequestOptions = {}): Promise<unknown> {
    return this.parse(await this.read(request, options));
  }

  /** A reading, whole; repeated while what fails can pass. */
  read(request: GatewayRequest, options: RequestOptions = {}): Promise<GatewayAnswer> {
    return withRetry(() => this.write(request, options), this.#retry, options.signal);
  }

  /** A reading whose body is handed on as it comes; repeated only until its first bytes are here. */
  stream(request: GatewayRequest, options: RequestOptions = {}): Promise<OpenAnswer> {
    return withRetry(
      async () => {
        const answer = await this.#signed(request, options);
        const { first, rest } = await firstCharacter(answer.body);
        if (first === '{' || first === '[') return { ...answer, body: ownBuffers(rest) };
        const bytes = await collectBytes(rest, longestError, 'cut');
        throw unreadableAnswer(new TextDecoder().decode(bytes), this.#originOf(answer));
      },
      this.#retry,
      options.signal,
    );
  }

  /** Sent once, whatever happens. */
  async write(request: GatewayRequest, options: RequestOptions = {}): Promise<GatewayAnswer> {
    const { body, ...head } = await this.#signed(request, options);
    return { ...head, bytes: await collectBytes(body) };
  }

  /**
   * A write whose answer says nothing but that it was done. What such answers hold is not documented,
   * so that anything is taken but an error and a web page.
   */
  async act(request: GatewayRequest, options: RequestOptions = {}): Promise<void> {
    const answer = await this.write(request, options);
    if (answer.bytes.byteLength === 0) return;
    const text = new TextDecoder().decode(answer.bytes);
    if (reasonInBody(text) || text.trimStart().startsWith('<')) {
      throw unreadableAnswer(text, this.#originOf(answer));
    }
  }

  /** The JSON of an answer. */
  parse(answer: GatewayAnswer): unknown {
    return parseAnswer(new TextDecoder().decode(answer.bytes), this.#originOf(answer));
  }

  /** Cancels what is under way. */
  close(): Promise<void> {
    return this.#parts.transport.close();
  }

  get #retry(): RetryPolicy {
    return this.#parts.retry ?? defaultRetryPolicy;
  }

  #signed(request: GatewayRequest, options: RequestOptions): Promise<OpenAnswer> {
    return this.#parts.choice.run((form) => this.#attempt(request, options, form));
  }

  async #attempt(
    request: GatewayRequest,
    options: RequestOptions,
    form: SignatureForm,
  ): Promise<OpenAnswer> {
    const { endpoint, region, transport, clock, userAgent } = this.#parts;
    const key = request.signAs ?? this.#parts.key;
    const now = clock();
    const signed = await signRequest(request, { endpoint, key, form, region, now, userAgent });
    const answer = await transport.send(signed, { signal: options.signal, slow: request.slow });
    this.#parts.onAnswer?.({ headers: answer.headers, receivedAt: clock(), form });
    if (answer.requestId !== undefined) options.onRequestId?.(answer.requestId);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const bytes = await collectBytes(answer.body, longestError, 'cut');
    throw answerError({
      purpose: request.purpose,
      status: answer.status,
      headers: answer.headers,
      body: new TextDecoder().decode(bytes),
      requestId: answer.requestId,
      accessKeyId: key.accessKeyId,
      now: clock(),
      refusals: request.refusals,
      secrets: [key.secretAccessKey],
    });
  }

  #originOf(answer: { status: number; requestId: string | undefined }) {
    return {
      status: answer.status,
      requestId: answer.requestId,
      secrets: [this.#parts.key.secretAccessKey],
    };
  }
}
