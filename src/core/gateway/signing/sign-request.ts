import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Endpoint } from '../model/endpoint.ts';
import {
  type GatewayRequest,
  type KeyPair,
  type QueryParameter,
  requestTarget,
  type SignatureForm,
} from '../model/request.ts';

interface SignatureV2Parts {
  method: string;
  contentMd5?: string;
  contentType?: string;
  /** `Date`, RFC 1123; empty where `x-amz-date` takes its place. */
  date: string;
  /** Headers beginning with `x-amz-`, in any case and order. */
  amzHeaders?: Readonly<Record<string, string>>;
  /** The encoded path and, for a sub-resource or service, `?` and its name: `/?ostor-users`. */
  resource: string;
}

/** The hash header of the second documented form: the body is omitted of the signature. */
const unsignedPayload = 'UNSIGNED-PAYLOAD';

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

interface SignatureV4Parts {
  method: string;
  /** Host with its port, as the `Host` header carries it. */
  host: string;
  /** Encoded path, signed as it is sent. */
  path: string;
  query: readonly QueryParameter[];
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | undefined;
}

/** The region that is signed where the connection names none. */
const defaultRegion = 'us-east-1';

/**
 * The headers that Signature V4 adds: `x-amz-date`, `x-amz-content-sha256` and `authorization`.
 * The body is always signed by its hash.
 */
export async function signV4(
  key: KeyPair,
  region: string,
  parts: SignatureV4Parts,
  now: Date,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey },
    region,
    service: 's3',
    sha256: Sha256,
    // The path of S3 is encoded once, not twice.
    uriEscapePath: false,
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: parts.method,
      hostname: parts.host,
      path: parts.path,
      // A flag is signed as `name=`.
      query: Object.fromEntries(parts.query.map(([name, value]) => [name, value ?? ''])),
      headers: {
        host: parts.host,
        ...parts.headers,
        'x-amz-content-sha256': createHash('sha256')
          .update(parts.body ?? new Uint8Array())
          .digest('hex'),
      },
    }),
    { signingDate: now },
  );
  const { host: _host, ...headers } = signed.headers;
  return headers;
}

export interface SignedRequest {
  method: GatewayRequest['method'];
  /** Path and query, encoded. */
  target: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
}

interface SigningContext {
  endpoint: Endpoint;
  key: KeyPair;
  form: SignatureForm;
  region?: string | undefined;
  now: Date;
  userAgent: string;
}

/** Signs a request in one of the forms the guide documents. */
export async function signRequest(
  request: GatewayRequest,
  context: SigningContext,
): Promise<SignedRequest> {
  const path = request.path ?? '/';
  const headers: Record<string, string> = {
    accept: '*/*',
    'user-agent': context.userAgent,
    ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
    ...(context.form === 'v4'
      ? await signV4Headers(request, path, context)
      : signV2Headers(request, path, context)),
  };
  return {
    method: request.method,
    target: requestTarget(request),
    headers,
    body: request.body,
  };
}

function signV2Headers(
  request: GatewayRequest,
  path: string,
  context: SigningContext,
): Record<string, string> {
  const date = context.now.toUTCString();
  const amzHeaders: Record<string, string> =
    context.form === 'v2' ? {} : { 'x-amz-content-sha256': unsignedPayload };
  const service = request.query?.[0]?.[0];
  const text = stringToSignV2({
    method: request.method,
    ...(request.contentType === undefined ? {} : { contentType: request.contentType }),
    date,
    amzHeaders,
    // Only the first parameter, the service, is part of what is signed.
    resource: service === undefined ? path : `${path}?${service}`,
  });
  const authorization = `AWS ${context.key.accessKeyId}:${signedWith(context.key, text)}`;
  return { date, ...amzHeaders, authorization };
}

/** The last text signed with each key: within one second, all readings of a service sign the same. */
const lastSigned = new WeakMap<KeyPair, { text: string; signature: string }>();

function signedWith(key: KeyPair, text: string): string {
  const last = lastSigned.get(key);
  if (last?.text === text) return last.signature;
  const signature = signV2(key.secretAccessKey, text);
  lastSigned.set(key, { text, signature });
  return signature;
}

function signV4Headers(
  request: GatewayRequest,
  path: string,
  context: SigningContext,
): Promise<Record<string, string>> {
  return signV4(
    context.key,
    context.region ?? defaultRegion,
    {
      method: request.method,
      host: new URL(context.endpoint.origin).host,
      path,
      query: request.query ?? [],
      ...(request.contentType === undefined
        ? {}
        : { headers: { 'content-type': request.contentType } }),
      body: request.body,
    },
    context.now,
  );
}
