import { encodePath } from '../model/encode.ts';
import type { GatewayRequest } from '../model/request.ts';

/** Puts one object into a bucket: ordinary S3, the way exports reach a bucket. */
export function putObjectRequest(
  bucket: string,
  key: string,
  body: Uint8Array,
  contentType: string,
): GatewayRequest<void> {
  return {
    purpose: 'write the object',
    method: 'PUT',
    path: encodePath(bucket, key),
    body,
    contentType,
    slow: true,
    refusals: {
      404: {
        code: 'NOT_FOUND',
        message: `There is no bucket ${bucket} to write to.`,
        hint: 'Create it first with the key of this connection, or name another one.',
      },
    },
  };
}
