import { AppError, toAppError } from '#shared/errors.ts';
import type { Endpoint } from '../../gateway/model/endpoint.ts';
import { checkCertificate } from '../../gateway/probe.ts';
import { processBudget } from '../../gateway/transport/byte-budget.ts';
import {
  createDispatcher,
  type Timeouts,
  timeoutsFrom,
} from '../../gateway/transport/dispatcher.ts';
import { lookAtCertificate } from '../../gateway/transport/look-at-certificate.ts';
import {
  pauseAfter,
  pauseAsked,
  type RetryPauses,
  repeated,
} from '../../gateway/transport/retry.ts';
import type { CertificateFacts, TlsTrust } from '../../gateway/transport/tls.ts';
import { Transport } from '../../gateway/transport/transport.ts';
import { transportError } from '../../gateway/transport/transport-errors.ts';
import { sayWhmcs } from './base-address.ts';
import { encodeFields, type FieldValue } from './encode-fields.ts';
import { isSuccess, readAnswer, textOf, type WhmcsAnswer } from './read-answer.ts';
import { refusal } from './refusals.ts';

/** What a client of one installation is made of. */
export interface WhmcsClientOptions {
  /** From {@link parseBase}: the installation's origin, and the path below which it is. */
  endpoint: Endpoint;
  path: string;
  identifier: string;
  secret: string;
  accessKey: string | null;
  tls?: TlsTrust | undefined;
  proxy: string | null;
  /** Why this way, a sentence for the test of the connection. */
  route?: string;
  /** Rejects while nothing may be changed: asked before anything but a reading leaves. */
  assertWritable?: () => Promise<void>;
  userAgent: string;
  timeouts?: Partial<Timeouts>;
  /** Called with each certificate that is not the pinned one, and where a test saw the pinned one. */
  onPinMismatch?: (shown: CertificateFacts | null) => void;
  onPinShown?: () => void;
  /** How often a reading is sent, and its pauses. */
  retry?: RetryPauses;
}

/** Options of one call. */
export interface WhmcsCallOptions {
  signal?: AbortSignal | undefined;
}

/** Whether an action of WHMCS changes nothing: what does not say so may change something. */
const reads = (action: string): boolean => action.startsWith('Get') || action === 'WhmcsDetails';

const usualRetry: RetryPauses = { attempts: 3, firstPause: 1_000, longestPause: 4_000 };

const usualTimeouts: Partial<Timeouts> = { connect: 10_000, headers: 30_000, body: 30_000 };

/**
 * Calls actions of WHMCS, one at a time: no limit is documented, and its servers are small. The
 * credential travels in the body, never in the address. Readings are repeated while what fails can
 * pass; writes are sent once.
 */
export class WhmcsClient {
  readonly #options: WhmcsClientOptions;
  readonly #transport: Transport;
  #last: Promise<unknown> = Promise.resolve();
  #junk = false;

  constructor(options: WhmcsClientOptions) {
    this.#options = options;
    const { endpoint, proxy } = options;
    const timeouts = timeoutsFrom({ ...usualTimeouts, ...options.timeouts });
    const trust = options.tls ?? {};
    const dispatcher = createDispatcher({ endpoint, trust, proxy, maxConnections: 1, timeouts });
    this.#transport = new Transport(dispatcher, endpoint, {
      proxied: proxy !== null,
      timeouts,
      budget: processBudget,
      onPinMismatch: options.onPinMismatch,
      lookAtCertificate: async () =>
        (await lookAtCertificate({ endpoint, trust, proxy, timeout: timeouts.connect })).facts,
    });
  }

  /** Whether an answer came with something printed before it: a hook or an add-on of the installation. */
  get printsJunk(): boolean {
    return this.#junk;
  }

  /** Which way requests take, and why: a sentence, or nothing. */
  get route(): string {
    return this.#options.route ?? '';
  }

  /**
   * Checks the certificate without a request, as the test of a connection does.
   * @throws AppError `CERTIFICATE_UNTRUSTED`, `CERTIFICATE_PIN_MISMATCH`, and those of the transport
   */
  async checkCertificate(
    signal?: AbortSignal,
  ): Promise<{ detail: string; hint?: string; caution?: boolean }> {
    const { endpoint, proxy, tls = {}, onPinMismatch, onPinShown } = this.#options;
    const timeouts = timeoutsFrom({ ...usualTimeouts, ...this.#options.timeouts });
    const of = { tls, proxy, timeouts, onPinMismatch, onPinShown };
    try {
      const found = await checkCertificate(endpoint, of, signal);
      return typeof found === 'string' ? { detail: found } : found;
    } catch (thrown) {
      throw sayWhmcs(transportError(thrown, endpoint, proxy !== null));
    }
  }

  /** Calls an action that only reads. */
  read(
    action: string,
    fields: Record<string, FieldValue | undefined> = {},
    options: WhmcsCallOptions = {},
  ): Promise<WhmcsAnswer> {
    const { retry = usualRetry } = this.#options;
    const pauseBefore = (thrown: unknown, made: number): number | null =>
      thrown instanceof AppError && thrown.retryable && made < retry.attempts
        ? pauseAsked(thrown, pauseAfter(made, retry))
        : null;
    return repeated(() => this.write(action, fields, options), pauseBefore, options);
  }

  /** Calls an action once, whatever happens. `details.mayHaveActed` says whether it may have been carried out. */
  write(
    action: string,
    fields: Record<string, FieldValue | undefined> = {},
    options: WhmcsCallOptions = {},
  ): Promise<WhmcsAnswer> {
    const answer = this.#last.then(() => this.#send(action, fields, options));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the connection and cancels what is under way. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #send(
    action: string,
    fields: Record<string, FieldValue | undefined>,
    { signal }: WhmcsCallOptions,
  ): Promise<WhmcsAnswer> {
    const { identifier, secret, accessKey, path, userAgent } = this.#options;
    if (!reads(action)) await this.#options.assertWritable?.();
    const body = encodeFields({
      action,
      identifier,
      secret,
      ...(accessKey === null ? {} : { accesskey: accessKey }),
      responsetype: 'json',
      ...fields,
    });
    const sending = this.#transport.sendWhole(
      {
        method: 'POST',
        target: `${path}/includes/api.php`,
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
          'user-agent': userAgent,
        },
        body: Buffer.from(body),
      },
      { signal },
    );
    const { bytes, status, headers } = await sending.catch((thrown: unknown) => {
      throw sayWhmcs(toAppError(thrown));
    });
    if (status === 429) throw tooManyRequests(headers['retry-after']);
    if (status >= 300 && status < 400) throw redirected(headers.location);
    const { answer, junk } = readAnswer(new TextDecoder().decode(bytes), status);
    this.#junk ||= junk;
    if (isSuccess(answer)) return answer;
    throw refusal(action, textOf(answer.message), status);
  }
}

/** Refused before WHMCS saw it; a later attempt may succeed. */
function tooManyRequests(wait: string | undefined): AppError {
  const stated = /^\d{1,6}$/.test(wait ?? '') ? Number(wait) : null;
  return new AppError({
    code: 'TOO_MANY_REQUESTS',
    status: 429,
    message: `WHMCS, or a firewall in front of it, refuses more requests for now${stated === null ? '' : `, for ${stated} s`}.`,
    hint: 'Try again later, or exempt the address of this machine from the limit.',
    retryable: true,
    details: { mayHaveActed: false, ...(stated === null ? {} : { retryAfterSeconds: stated }) },
  });
}

function redirected(location: string | undefined): AppError {
  const target = location === undefined ? '' : ` to ${location.slice(0, 200)}`;
  return new AppError({
    code: 'REDIRECTED',
    message: `WHMCS redirects${target}; the credential is not sent there.`,
    hint: 'Enter the address at which WHMCS answers itself, with https:// and its path.',
  });
}
