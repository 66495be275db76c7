import type { FastifyInstance } from 'fastify';
import type { InterfaceFiles } from '#core/platform/files/static-assets.ts';
import { AppError } from '#shared/errors.ts';
import { pageHeaders } from '#shared/page-policy.ts';

/** `GET /…`: the files of the interface. They hold no data and need no token. */
export function addPagesRoute(server: FastifyInstance, files: InterfaceFiles): void {
  server.get('/*', async (request, reply) => {
    const path = request.url.split(/[?#]/)[0] ?? '/';
    const file = await files.find(path);
    if (file) {
      return reply.headers(pageHeaders(file.nonce)).type(file.mediaType).send(file.content);
    }
    const error = new AppError({
      code: 'NOT_FOUND',
      message: 'The console has no page or file of that name.',
      hint: 'Open the address that the console printed when it started.',
    });
    return reply.status(404).send({ ok: false, error: error.toData() });
  });
}
