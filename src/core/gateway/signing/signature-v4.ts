import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { QueryParameter } from '../model/encode.ts';
import type { KeyPair } from '../model/request.ts';

/** What Signature V4 signs of a request. */
export interface SignatureV4Parts {
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
export const defaultRegion = 'us-east-1';

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
