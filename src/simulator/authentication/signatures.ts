import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { decodePercent, parseQuery, type SimulatedRequest } from '../model/simulated-request.ts';
import type { SignatureForm } from '../model/variants.ts';

/** The parts of an `Authorization: AWS key:signature` header. */
interface SignatureV2 {
  accessKeyId: string;
  signature: string;
}

/** Reads a Signature V2 header; null where it is none. */
export function readSignatureV2(authorization: string): SignatureV2 | null {
  const match = /^AWS ([^:\s]+):(\S+)$/.exec(authorization);
  const [, accessKeyId, signature] = match ?? [];
  return accessKeyId === undefined || signature === undefined ? null : { accessKeyId, signature };
}

/** Returns which of the two documented forms a V2 request has: B carries `x-amz-content-sha256`. */
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

/** Returns what a V2 client signs for this request. */
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

/** Returns whether the signature is the one of this request under this secret. */
export function signatureV2Holds(
  request: SimulatedRequest,
  claimed: SignatureV2,
  secretKey: string,
): boolean {
  const expected = createHmac('sha1', secretKey).update(stringToSignV2(request), 'utf8').digest();
  const given = Buffer.from(claimed.signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The parts of an `Authorization: AWS4-HMAC-SHA256 …` header. */
export interface SignatureV4 {
  accessKeyId: string;
  /** `20260131`. */
  day: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

/** Reads a Signature V4 header; null where it is none or lacks a part. */
export function readSignatureV4(authorization: string): SignatureV4 | null {
  if (!authorization.startsWith('AWS4-HMAC-SHA256 ')) return null;
  const part = (name: string) =>
    new RegExp(`(?:^|[\\s,])${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  const [accessKeyId, day, region, service, terminator] = part('Credential').split('/');
  const signedHeaders = part('SignedHeaders').split(';');
  const signature = part('Signature');
  if (!accessKeyId || !day || !region || !service || terminator !== 'aws4_request') return null;
  if (!/^[0-9a-f]{64}$/.test(signature)) return null;
  return { accessKeyId, day, region, service, signedHeaders, signature };
}

/** RFC 3986: everything but letters, digits and `-._~` as upper-case escapes. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeStrictly(decodePercent(segment)))
    .join('/');
}

function canonicalQuery(rawQuery: string): string {
  return parseQuery(rawQuery, 'literal')
    .map(({ name, value }) => [encodeStrictly(name), encodeStrictly(value ?? '')] as const)
    .sort(([nameA, valueA], [nameB, valueB]) =>
      nameA === nameB ? (valueA < valueB ? -1 : 1) : nameA < nameB ? -1 : 1,
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalHeaders(request: SimulatedRequest, names: readonly string[]): string {
  return names
    .map((name) => {
      const value = [request.headers[name]].flat().join(',');
      return `${name}:${value.trim().replaceAll(/\s+/g, ' ')}\n`;
    })
    .join('');
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The canonical request a V4 client hashes. */
function canonicalRequestV4(request: SimulatedRequest, signedHeaders: readonly string[]): string {
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.rawQuery),
    canonicalHeaders(request, signedHeaders),
    signedHeaders.join(';'),
    String(request.headers['x-amz-content-sha256'] ?? hash('')),
  ].join('\n');
}

/** Returns whether the signature is the one of this request under this secret. */
export function signatureV4Holds(
  request: SimulatedRequest,
  claimed: SignatureV4,
  secretKey: string,
): boolean {
  const scope = `${claimed.day}/${claimed.region}/${claimed.service}/aws4_request`;
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    String(request.headers['x-amz-date'] ?? ''),
    scope,
    hash(canonicalRequestV4(request, claimed.signedHeaders)),
  ].join('\n');
  let key: Buffer | string = `AWS4${secretKey}`;
  for (const part of [claimed.day, claimed.region, claimed.service, 'aws4_request', stringToSign]) {
    key = createHmac('sha256', key).update(part, 'utf8').digest();
  }
  const given = Buffer.from(claimed.signature, 'hex');
  return Buffer.isBuffer(key) && given.length === key.length && timingSafeEqual(given, key);
}

/** Returns whether the declared payload hash is `UNSIGNED-PAYLOAD` or that of the body. */
export function payloadHashHolds(request: SimulatedRequest): boolean {
  const declared = request.headers['x-amz-content-sha256'];
  return declared === 'UNSIGNED-PAYLOAD' || declared === hash(request.body);
}

/** Returns whether every header that must be signed is: `host` and each `x-amz-*`. */
export function requiredHeadersSigned(request: SimulatedRequest, claimed: SignatureV4): boolean {
  const signed = new Set(claimed.signedHeaders);
  return Object.keys(request.headers).every(
    (name) => (name !== 'host' && !name.startsWith('x-amz-')) || signed.has(name),
  );
}
