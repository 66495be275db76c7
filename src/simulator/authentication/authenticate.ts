import { Refusal } from '../model/answer.ts';
import type { SimulatedRequest } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import {
  formOfV2,
  payloadHashHolds,
  readSignatureV2,
  readSignatureV4,
  requiredHeadersSigned,
  type SignatureV4,
  signatureV2Holds,
  signatureV4Holds,
} from './signatures.ts';

export interface KeyHolder {
  secretKey: string;
  userId: string;
  system: boolean;
  enabled: boolean;
}

const maximalSkewMs = 15 * 60 * 1000;

function requestTime(request: SimulatedRequest): number {
  const text = String(request.headers['x-amz-date'] ?? request.headers.date ?? '');
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (basic !== null) {
    const [year = 0, month = 1, day, hour, minute, second] = basic.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  return Date.parse(text);
}

function checkTime(request: SimulatedRequest, now: number, { clockSkew }: Variants): void {
  const time = requestTime(request);
  if (Number.isNaN(time)) {
    throw new Refusal(
      403,
      'AccessDenied',
      'AWS authentication requires a valid Date or x-amz-date header',
    );
  }
  if (clockSkew === 'refused' && Math.abs(now - time) > maximalSkewMs) {
    throw new Refusal(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
}

function mismatch(): Refusal {
  return new Refusal(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

function checkV4(request: SimulatedRequest, claimed: SignatureV4, variants: Variants): void {
  const day = String(request.headers['x-amz-date'] ?? '').slice(0, 8);
  if (claimed.service !== 's3' || claimed.day !== day) {
    throw new Refusal(400, 'AuthorizationHeaderMalformed', 'The credential scope is malformed.');
  }
  if (variants.region !== 'any' && claimed.region !== variants.region) {
    throw new Refusal(
      400,
      'AuthorizationHeaderMalformed',
      `The region '${claimed.region}' is wrong; expecting '${variants.region}'`,
    );
  }
  if (!requiredHeadersSigned(request, claimed)) throw mismatch();
}

/**
 * Verifies the signature of a request and yields whose it is.
 * Throws a {@link Refusal} with S3's code where it cannot be accepted.
 * @param now the gateway's clock, milliseconds
 */
export function authenticate(
  request: SimulatedRequest,
  variants: Variants,
  now: number,
  holderOf: (accessKeyId: string) => KeyHolder | undefined,
): KeyHolder & { accessKeyId: string } {
  const authorization = request.headers.authorization ?? '';
  const v2 = readSignatureV2(authorization);
  const v4 = v2 === null ? readSignatureV4(authorization) : null;
  const claimed = v2 ?? v4;
  if (claimed === null) throw new Refusal(403, 'AccessDenied', 'Access Denied');
  const holder = holderOf(claimed.accessKeyId);
  if (holder === undefined) {
    throw new Refusal(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  checkTime(request, now, variants);
  const form = v4 === null ? formOfV2(request) : 'v4';
  if (!variants.accept.includes(form)) {
    throw variants.refusedForm === 'mismatch'
      ? mismatch()
      : new Refusal(403, 'AccessDenied', 'Access Denied');
  }
  if (v4 !== null) checkV4(request, v4, variants);
  const holds =
    v2 === null
      ? v4 !== null && signatureV4Holds(request, v4, holder.secretKey)
      : signatureV2Holds(request, v2, holder.secretKey);
  if (!holds) throw mismatch();
  if (v4 !== null && !payloadHashHolds(request)) {
    throw new Refusal(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (!holder.enabled) throw new Refusal(403, 'AccessDenied', 'Access Denied');
  return { ...holder, accessKeyId: claimed.accessKeyId };
}
