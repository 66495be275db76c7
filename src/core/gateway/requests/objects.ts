import type { Exchange } from '../exchange.ts';
import { encodePath } from '../model/encode.ts';
import type { Gateway } from '../model/gateway.ts';

/** Objects in buckets: ordinary S3, signed like everything else. */
export function objectWrites(exchange: Exchange): Pick<Gateway, 'putObject'> {
  return {
    async putObject(bucket, key, body, contentType, options) {
      await exchange.act(
        {
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
        },
        options,
      );
    },
  };
}
