import { AppError, type ErrorCode } from '#shared/errors.ts';
import type { Refusal } from '../model/request.ts';
import { excerptOf, readReason } from './answer-text.ts';
import { describeSkew, measureSkew, toleratedSkewSeconds } from './clock-skew.ts';

export interface RefusedAnswer {
  purpose: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  requestId: string | undefined;
  accessKeyId: string;
  now: Date;
  refusals?: Readonly<Record<string, Refusal>> | undefined;
  /** Values to hide wherever the gateway repeats them. */
  secrets: readonly string[];
}

const signatureCodes = new Set([
  'SignatureDoesNotMatch',
  'InvalidSignature',
  'IncompleteSignature',
  'AuthorizationHeaderMalformed',
  'MissingSecurityHeader',
  'CredentialsNotSupported',
  'XAmzContentSHA256Mismatch',
  'UnsupportedSignature',
]);

const skewCodes = new Set(['RequestTimeTooSkewed', 'RequestExpired']);

/** What other S3 codes mean, whatever was asked. */
const meanings: Record<string, Refusal> = {
  BucketNotEmpty: {
    code: 'BUCKET_NOT_EMPTY',
    message: 'The bucket is not empty.',
    hint: 'Its owner has to delete the objects and unfinished uploads first.',
  },
  SlowDown: {
    code: 'TOO_MANY_REQUESTS',
    message: 'The gateway asks for fewer requests.',
    hint: 'Wait a little; lower the number of connections if it comes back.',
  },
};

export function answerError(answer: RefusedAnswer): AppError {
  const reason = readReason(answer.headers, answer.body);
  const skew = measureSkew(answer.headers.date, answer.now);
  const said = excerptOf(reason.message, answer.secrets);
  const { words: _words, ...refusal } = classify(answer, reason.code, said, skew);
  const wait = retryAfterSeconds(answer);
  if (wait !== null) refusal.hint = `The gateway asks to wait ${wait} s. ${refusal.hint}`;
  const excerpt = reason.message === '' ? excerptOf(answer.body, answer.secrets) : '';
  return new AppError({
    ...refusal,
    retryable: passes(answer.status) || reason.code === 'SlowDown',
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    details: {
      mayHaveActed: passes(answer.status) && answer.status !== 429,
      ...(reason.code === '' ? {} : { gatewayCode: excerptOf(reason.code) }),
      ...(said === '' ? {} : { gatewayMessage: said }),
      ...(excerpt === '' ? {} : { excerpt }),
      ...(skew === null ? {} : { skewSeconds: skew }),
      ...(wait === null ? {} : { retryAfterSeconds: wait }),
    },
  });
}

/** Seconds that the gateway asks to wait by `Retry-After`, given in seconds or as a date; null if it does not. */
function retryAfterSeconds({ status, headers, now }: RefusedAnswer): number | null {
  if (status !== 429 && status !== 503) return null;
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = text === '' ? Number.NaN : Date.parse(text);
  if (Number.isNaN(until)) return null;
  const gatewayNow = Date.parse(headers.date ?? '');
  return Math.max(0, Math.ceil((until - (gatewayNow || now.getTime())) / 1000));
}

/** Whether the same request may succeed in a moment. */
function passes(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

function classify(answer: RefusedAnswer, code: string, said: string, skew: number | null): Refusal {
  const { status, purpose } = answer;
  if (status >= 300 && status < 400) return redirected(answer);
  const own = ownRefusal(answer, code, said);
  if (own) return withWords(own, said);
  const authentication = classifyAuthentication(answer, code, said, skew);
  if (authentication) return authentication;
  const known = meanings[code];
  if (known) return withWords(known, said);
  if (status < 500 && isWebPage(answer.body)) return webPage(answer);
  const by = statusMeaning(status, answer.requestId);
  return withWords(
    {
      code: by.code,
      message: `The gateway ${by.verb} to ${purpose} (status ${status}).`,
      hint: by.hint,
    },
    said,
  );
}

function ownRefusal(answer: RefusedAnswer, code: string, said: string): Refusal | undefined {
  const { refusals = {} } = answer;
  return (
    refusals[code] ??
    Object.values(refusals).find((refusal) => said !== '' && refusal.words?.test(said)) ??
    (isAuthentication(code, said) ? undefined : refusals[answer.status])
  );
}

function isAuthentication(code: string, said: string): boolean {
  return (
    signatureCodes.has(code) ||
    skewCodes.has(code) ||
    ['InvalidAccessKeyId', 'AccessDenied'].includes(code) ||
    refusesMechanism(said) ||
    unknownKey.test(said) ||
    tooFarApart.test(said)
  );
}

/** Messages of gateways without a code, in the words of S3. */
const unknownKey = /access ?key ?id.*(not exist|unknown|invalid)/i;
const tooFarApart = /request ?time|difference between the request|time.*skew/i;

function refusesMechanism(said: string): boolean {
  return /authorization mechanism|signature version|signature.*does not match|AWS4-HMAC-SHA256/i.test(
    said,
  );
}

function classifyAuthentication(
  answer: RefusedAnswer,
  code: string,
  said: string,
  skew: number | null,
): Refusal | null {
  const tooFar = skew !== null && Math.abs(skew) >= toleratedSkewSeconds;
  const denied = answer.status === 401 || answer.status === 403;
  if (skewCodes.has(code) || (denied && tooFarApart.test(said))) return skewed(skew);
  if (denied && tooFar && !signatureCodes.has(code) && code !== 'InvalidAccessKeyId') {
    return skewed(skew);
  }
  if (code === 'InvalidAccessKeyId' || (denied && unknownKey.test(said))) {
    return {
      code: 'ACCESS_KEY_UNKNOWN',
      message: `The gateway does not know the access key ${answer.accessKeyId}.`,
      hint: 'Check the access key id, and that the endpoint leads to the cluster it belongs to.',
    };
  }
  if (signatureCodes.has(code) || refusesMechanism(said)) {
    return signatureRefused(skew, said);
  }
  if (!denied) return null;
  if (code === '' && said === '') return deniedSilently(answer.purpose);
  return {
    code: 'ACCESS_DENIED',
    message: `The gateway did not allow this key to ${answer.purpose}.`,
    hint: 'The access key has to belong to a system user (ostor-s3-admin create-user -S) that is enabled.',
  };
}

function deniedSilently(purpose: string): Refusal {
  return {
    code: 'ACCESS_DENIED',
    message: `The gateway did not allow this key to ${purpose}, and gave no reason.`,
    hint: 'Check the access key id, the secret key, and that they belong to a system user (ostor-s3-admin create-user -S).',
  };
}

function skewed(skew: number | null): Refusal {
  const measured =
    skew === null ? 'too far from' : `${describeSkew(skew).replace(" the gateway's", '')}`;
  return {
    code: 'CLOCK_SKEWED',
    message:
      skew === null
        ? "This machine's clock is too far from the gateway's."
        : `This machine's clock is ${measured} the gateway's.`,
    hint: 'Set the clock of this machine (and check that of the gateway) by a time server.',
  };
}

export function expectedRegion(said: string): string | undefined {
  return /region.*expecting '([^']+)'/.exec(said)?.[1];
}

/** The signature was computed with another secret, or in a form the gateway does not take. */
function signatureRefused(skew: number | null, said: string): Refusal {
  const region = expectedRegion(said);
  if (region !== undefined) {
    return {
      code: 'SIGNATURE_REFUSED',
      message: `The gateway refused the signature: it is of another region than ${region}.`,
      hint: `Set the region of this connection to ${region}.`,
    };
  }
  const clock =
    skew !== null && Math.abs(skew) >= toleratedSkewSeconds
      ? ` This machine's clock is ${describeSkew(skew)}, too.`
      : '';
  return {
    code: 'SIGNATURE_REFUSED',
    message: `The gateway refused the signature.${clock}`,
    hint: 'Enter the secret key again; if it is right, set the signature to "auto".',
  };
}

function redirected(answer: RefusedAnswer): Refusal {
  const location = excerptOf(answer.headers.location ?? '', answer.secrets);
  return {
    code: 'REDIRECTED',
    message:
      location === ''
        ? `The gateway sends the request elsewhere (status ${answer.status}).`
        : `The endpoint redirects to ${location}.`,
    hint: 'A signed request does not follow redirects: enter the address of the S3 gateway itself.',
  };
}

function isWebPage(body: string): boolean {
  return /^\s*(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body|h1|title)\b/i.test(body);
}

/** A gateway answers in XML; an HTML page is from something else at that address. */
function webPage({ status, body }: RefusedAnswer): Refusal {
  const encrypted = /plain HTTP request was sent to HTTPS port|HTTPS server/i.test(body);
  return {
    code: 'ANSWER_NOT_JSON',
    message: encrypted
      ? 'That port speaks https, and was asked in plain http.'
      : `A web page came back (status ${status}) where the gateway answers with data.`,
    hint: encrypted
      ? 'Begin the endpoint with https://.'
      : 'Check that the endpoint is the S3 gateway, not a panel, a portal or a sign-in page before it.',
  };
}

function withWords(refusal: Refusal, said: string): Refusal {
  if (said === '') return refusal;
  return {
    ...refusal,
    message: `${refusal.message.replace(/\.$/, '')}: ${said.replace(/\.$/, '')}.`,
  };
}

function statusMeaning(
  status: number,
  requestId: string | undefined,
): { code: ErrorCode; verb: string; hint: string } {
  const refused = { verb: 'refused', hint: 'Read what the gateway said; the request is as sent.' };
  switch (status) {
    case 404:
      return {
        code: 'NOT_FOUND',
        verb: 'found nothing when asked',
        hint: 'It may be gone: refresh, and check that the gateway is of a version that offers this.',
      };
    case 409:
      return { code: 'CONFLICT', ...refused };
    case 501:
    case 505:
      return { code: 'REQUEST_REFUSED', ...refused };
    case 408:
      return {
        code: 'TIMED_OUT',
        verb: 'gave up waiting when asked',
        hint: 'Try again; if it persists, look at load balancers in front of the gateway.',
      };
    case 429:
      return {
        code: 'TOO_MANY_REQUESTS',
        verb: 'asks for fewer requests and refused',
        hint: 'Wait a little; lower the number of connections if it comes back.',
      };
    default:
      if (status < 500) return { code: 'REQUEST_REFUSED', ...refused };
      return {
        code: 'GATEWAY_FAILED',
        verb: 'failed when asked',
        hint:
          requestId === undefined
            ? "Try again; if it persists, look at this time in the gateway's log."
            : `Try again; if it persists, look for request id ${requestId} in the gateway's log.`,
      };
  }
}
