import type { Endpoint } from '../model/endpoint.ts';
import type { KeyPair } from '../model/request.ts';
import { type GatewayRequest, requestTarget, type SignatureForm } from '../model/request.ts';
import { signV2, stringToSignV2, unsignedPayload } from './signature-v2.ts';
import { defaultRegion, signV4 } from './signature-v4.ts';

/** A request ready to be sent. */
export interface SignedRequest {
  method: GatewayRequest['method'];
  /** Path and query, encoded. */
  target: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
}

/** What signing needs besides the request. */
export interface SigningContext {
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
