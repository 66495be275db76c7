import type { AppError } from '#shared/errors.ts';
import {
  type AnswerOrigin,
  bytesInUtf8,
  parseAnswer,
  streamInUtf8,
  unreadableAnswer,
} from './answers/answer-body.ts';
import { answerError } from './answers/answer-errors.ts';
import { reasonInBody } from './answers/answer-text.ts';
import { SigningClock } from './answers/clock-skew.ts';
import type { Endpoint } from './model/endpoint.ts';
import type { RequestOptions } from './model/gateway.ts';
import type {
  AnswerHead,
  GatewayAnswer,
  GatewayRequest,
  KeyPair,
  OpenAnswer,
  SignatureForm,
} from './model/request.ts';
import { type SignedRequest, signRequest } from './signing/sign-request.ts';
import type { SignatureChoice } from './signing/signature-choice.ts';
import { collectBytes, firstCharacter, ownBuffers } from './transport/byte-stream.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetry } from './transport/retry.ts';
import type { SendOptions, Transport } from './transport/transport.ts';
import { longestError } from './transport/whole-answer.ts';

interface ExchangeParts {
  endpoint: Endpoint;
  key: KeyPair;
  region?: string | undefined;
  choice: SignatureChoice;
  transport: Transport;
  clock: () => Date;
  userAgent: string;
  retry?: RetryPolicy;
  /** Asked whenever a write is about to leave; throws why it must not. */
  assertWritable?: (() => void) | undefined;
  assertSecretsMayTravel?: (() => void) | undefined;
  /** Sees the head of every answer, refusals too. */
  onAnswer?: ((head: ObservedHead) => void) | undefined;
}

/** The head of an answer, and when and how it was asked for. */
export interface ObservedHead {
  headers: Readonly<Record<string, string>>;
  receivedAt: Date;
  form: SignatureForm;
  /** Seconds by which this machine is ahead of the time that was signed with. */
  corrected: number;
}

/** A request was refused for its time; from now on requests are signed with the gateway's time. */
class TimeFollowed extends Error {
  readonly refusal: AppError;

  constructor(refusal: AppError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Signs, sends, repeats what may be repeated, and turns refusals into errors. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #clock: SigningClock;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#clock = new SigningClock(parts.clock);
  }

  /** A reading whose body is JSON; repeated while what fails can pass. */
  async readJson(request: GatewayRequest, options: RequestOptions = {}): Promise<unknown> {
    return this.parse(await this.read(request, options));
  }

  /** A reading, whole and in UTF-8; repeated while what fails can pass. */
  read(request: GatewayRequest, options: RequestOptions = {}): Promise<GatewayAnswer> {
    return this.#repeated(request, options, async (deadline) =>
      this.#inUtf8(await this.#once(request, options, deadline)),
    );
  }

  /** A reading whose body is streamed; repeated only until its first bytes arrive. */
  stream(request: GatewayRequest, options: RequestOptions = {}): Promise<OpenAnswer> {
    return this.#repeated(request, options, async (deadline) => {
      const answer = await this.#open(request, options, deadline);
      const body = streamInUtf8(answer.body, answer.headers, this.#originOf(answer));
      const { first, rest } = await firstCharacter(body);
      if (first === '{' || first === '[') return { ...answer, body: ownBuffers(rest) };
      const bytes = await collectBytes(rest, longestError, 'cut');
      throw unreadableAnswer(new TextDecoder().decode(bytes), this.#originOf(answer));
    });
  }

  /** Sends a described request and reads its answer: readings are repeated, writes are not. */
  async send<Answer>(request: GatewayRequest<Answer>, options?: RequestOptions): Promise<Answer> {
    if (request.read === undefined) return (await this.act(request, options)) as Answer;
    return request.read(
      request.method === 'GET'
        ? await this.readJson(request, options)
        : this.parse(await this.write(request, options)),
    );
  }

  /** Sent once, whatever happens. */
  write(request: GatewayRequest, options: RequestOptions = {}): Promise<GatewayAnswer> {
    return this.#once(request, options, this.#parts.transport.deadline(request));
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

  parse(answer: GatewayAnswer): unknown {
    const { bytes } = this.#inUtf8(answer);
    return parseAnswer(new TextDecoder().decode(bytes), this.#originOf(answer));
  }

  close(): Promise<void> {
    return this.#parts.transport.close();
  }

  /** One deadline holds for all attempts together. */
  #repeated<Result>(
    request: GatewayRequest,
    { once, signal }: RequestOptions,
    attempt: (deadline: number) => Promise<Result>,
  ): Promise<Result> {
    const deadline = this.#parts.transport.deadline(request);
    if (once) return attempt(deadline);
    const { retry = defaultRetryPolicy } = this.#parts;
    // A list is given so long to begin that waiting for it a second time would take minutes.
    const policy = request.slow ? { ...retry, attemptsOnTimeout: 1 } : retry;
    return withRetry(() => attempt(deadline), policy, { signal, deadline });
  }

  #once(
    request: GatewayRequest,
    options: RequestOptions,
    deadline: number,
  ): Promise<GatewayAnswer> {
    const { transport } = this.#parts;
    return this.#inTime(async (form) => {
      const { corrected } = this.#clock;
      const [signed, how] = await this.#signed(request, options, form);
      const answer = await transport.sendWhole(signed, { ...how, deadline });
      if (isSuccess(answer)) return answer;
      throw this.#refused(request, answer, corrected);
    });
  }

  #open(request: GatewayRequest, options: RequestOptions, deadline: number): Promise<OpenAnswer> {
    const { transport } = this.#parts;
    return this.#inTime(async (form) => {
      const { corrected } = this.#clock;
      const [signed, how] = await this.#signed(request, options, form);
      const answer = await transport.send(signed, { ...how, deadline });
      if (isSuccess(answer)) return answer;
      const bytes = await collectBytes(answer.body, longestError, 'cut');
      throw this.#refused(request, { ...answer, bytes }, corrected);
    });
  }

  /**
   * Signs with this machine's time, and with the gateway's where that is refused. A refused request was
   * not carried out, so that it may be sent again.
   */
  async #inTime<Result>(attempt: (form: SignatureForm) => Promise<Result>): Promise<Result> {
    const { choice } = this.#parts;
    try {
      return await choice.run(attempt);
    } catch (thrown) {
      if (!(thrown instanceof TimeFollowed)) throw thrown;
    }
    return choice.run(attempt).catch((thrown: unknown) => {
      throw thrown instanceof TimeFollowed ? thrown.refusal : thrown;
    });
  }

  async #signed(
    request: GatewayRequest,
    options: RequestOptions,
    form: SignatureForm,
  ): Promise<[SignedRequest, SendOptions]> {
    const { endpoint, region, userAgent, onAnswer } = this.#parts;
    const key = this.#keyOf(request);
    const clock = this.#clock;
    const { corrected } = clock;
    const now = clock.now();
    const signed = await signRequest(request, { endpoint, key, form, region, now, userAgent });
    const onHead: SendOptions['onHead'] = ({ headers, requestId }) => {
      onAnswer?.({ headers, receivedAt: clock.machine(), form, corrected });
      options.onDate?.(headers.date);
      if (requestId !== undefined) options.onRequestId?.(requestId);
    };
    // The one write guard: asked where the bytes leave, since a lock may have closed meanwhile.
    if (request.method !== 'GET') this.#parts.assertWritable?.();
    if (request.bringsSecret) this.#parts.assertSecretsMayTravel?.();
    return [signed, { signal: options.signal, slow: request.slow, onHead }];
  }

  #keyOf({ signAs = this.#parts.key }: GatewayRequest): KeyPair {
    if (signAs === 'owner') throw new TypeError("The owner's key was not fetched before signing.");
    return signAs;
  }

  /** @param corrected what the time was corrected by that the request was signed with, seconds */
  #refused(
    request: GatewayRequest,
    answer: GatewayAnswer,
    corrected: number,
  ): AppError | TimeFollowed {
    const key = this.#keyOf(request);
    const refusal = answerError({
      purpose: request.purpose,
      status: answer.status,
      headers: answer.headers,
      body: new TextDecoder().decode(answer.bytes),
      requestId: answer.requestId,
      accessKeyId: key.accessKeyId,
      now: this.#clock.now(corrected),
      refusals: request.refusals,
      secrets: [key.secretAccessKey],
    });
    const isOfTime =
      refusal.code === 'CLOCK_SKEWED' && this.#clock.follow(answer.headers.date, corrected);
    return isOfTime ? new TimeFollowed(refusal) : refusal;
  }

  /** Once in UTF-8, an answer declares so. */
  #inUtf8(answer: GatewayAnswer): GatewayAnswer {
    const bytes = bytesInUtf8(answer, this.#originOf(answer));
    if (bytes === answer.bytes) return answer;
    return { ...answer, bytes, headers: { ...answer.headers, 'content-type': 'application/json' } };
  }

  #originOf(answer: AnswerHead): AnswerOrigin {
    return {
      headers: answer.headers,
      status: answer.status,
      requestId: answer.requestId,
      secrets: [this.#parts.key.secretAccessKey],
    };
  }
}

function isSuccess({ status }: { status: number }): boolean {
  return status >= 200 && status < 300;
}
