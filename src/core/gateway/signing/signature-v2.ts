import { createHmac } from 'node:crypto';

/** What Signature V2 signs of a request. */
export interface SignatureV2Parts {
  method: string;
  /** `Content-MD5`, where the request carries one. */
  contentMd5?: string;
  /** `Content-Type`, where the request carries one. */
  contentType?: string;
  /** `Date`, RFC 1123; empty where `x-amz-date` takes its place. */
  date: string;
  /** Headers beginning with `x-amz-`, in any case and order. */
  amzHeaders?: Readonly<Record<string, string>>;
  /** The encoded path and, for a sub-resource or service, `?` and its name: `/?ostor-users`. */
  resource: string;
}

/** The hash header of the second documented form: the body is omitted of the signature. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * The text that is signed. Source: "Signing and authenticating REST requests" of the S3 API, and the
 * guide's `s3_curl`, whose two newlines after the method are three where the guide was not converted.
 */
export function stringToSignV2(parts: SignatureV2Parts): string {
  const amzLines = Object.entries(parts.amzHeaders ?? {})
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/\s*\n\s*/g, ' ')] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  return [
    parts.method,
    parts.contentMd5 ?? '',
    parts.contentType ?? '',
    parts.date,
    `${amzLines}${parts.resource}`,
  ].join('\n');
}

/** The base64 HMAC-SHA1 of a text under a secret. */
export function signV2(secret: string, stringToSign: string): string {
  return createHmac('sha1', secret).update(stringToSign, 'utf8').digest('base64');
}

/** The `Authorization` header of Signature V2. */
export function authorizationV2(
  accessKeyId: string,
  secret: string,
  parts: SignatureV2Parts,
): string {
  return `AWS ${accessKeyId}:${signV2(secret, stringToSignV2(parts))}`;
}
