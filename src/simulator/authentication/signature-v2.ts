import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SimulatedRequest } from '../model/simulated-request.ts';
import type { SignatureForm } from '../model/variants.ts';

/** The parts of an `Authorization: AWS key:signature` header. */
export interface SignatureV2 {
  accessKeyId: string;
  signature: string;
}

/** Reads a Signature V2 header; null where it is none. */
export function readSignatureV2(authorization: string): SignatureV2 | null {
  const match = /^AWS ([^:\s]+):(\S+)$/.exec(authorization);
  const [, accessKeyId, signature] = match ?? [];
  return accessKeyId === undefined || signature === undefined ? null : { accessKeyId, signature };
}

/** Which of the two documented forms a V2 request has: B carries `x-amz-content-sha256`. */
export function formOfV2(request: SimulatedRequest): SignatureForm {
  return request.headers['x-amz-content-sha256'] === undefined ? 'v2' : 'v2-unsigned-payload';
}

// Parameters that are part of an ordinary S3 resource (Amazon S3 developer guide, "RESTAuthentication").
const subresources = new Set(
  'acl cors delete lifecycle location logging notification partNumber policy requestPayment tagging torrent uploadId uploads versionId versioning versions website'.split(
    ' ',
  ),
);

function canonicalResource(request: SimulatedRequest): string {
  if (request.service !== 's3') return `${request.path}?${request.rawQuery.split('&')[0]}`;
  const signed = request.rawQuery
    .split('&')
    .filter((token) => subresources.has(token.split('=')[0] ?? ''))
    .sort();
  return signed.length === 0 ? request.path : `${request.path}?${signed.join('&')}`;
}

function canonicalAmzHeaders(request: SimulatedRequest): string {
  return Object.entries(request.headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, value]) => `${name}:${[value].flat().join(',').trim()}\n`)
    .join('');
}

/** What a V2 client signs for this request. */
export function stringToSignV2(request: SimulatedRequest): string {
  const { headers } = request;
  // With x-amz-date the Date line stays empty: the date is signed among the x-amz headers.
  const date = headers['x-amz-date'] === undefined ? (headers.date ?? '') : '';
  return (
    `${request.method}\n${headers['content-md5'] ?? ''}\n${headers['content-type'] ?? ''}\n${date}\n` +
    canonicalAmzHeaders(request) +
    canonicalResource(request)
  );
}

/** Whether the signature is the one of this request under this secret. */
export function signatureV2Holds(
  request: SimulatedRequest,
  claimed: SignatureV2,
  secretKey: string,
): boolean {
  const expected = createHmac('sha1', secretKey).update(stringToSignV2(request), 'utf8').digest();
  const given = Buffer.from(claimed.signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
