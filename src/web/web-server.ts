import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { Core } from '#core/create-core.ts';
import type { InterfaceFiles } from '#core/platform/files/static-assets.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { pageHeaders } from '#shared/page-policy.ts';
import { addEventStream } from './event-stream.ts';
import { checkHostAndOrigin, checkToken, type Refusal } from './guards.ts';
import { addPagesRoute } from './pages-route.ts';
import { addRpcRoute } from './rpc-route.ts';

/** Largest body taken, bytes: a pasted list of changes fits, a film does not. */
const bodyLimit = 16 * 1024 * 1024;

/** What the web shell serves. */
export interface WebServerOptions {
  core: Pick<Core, 'dispatch' | 'events'>;
  files: InterfaceFiles;
  /** Told to the operator once, in the fragment of the printed address; never stored, never logged. */
  token: string;
}

function refuse(reply: FastifyReply, { status, error }: Refusal): FastifyReply {
  return reply.status(status).send({ ok: false, error: error.toData() });
}

function requestError(error: FastifyError): { status: number; error: AppError } {
  if (error instanceof AppError) return { status: 400, error };
  if (error.statusCode === undefined || error.statusCode >= 500) {
    return { status: 500, error: toAppError(error) };
  }
  return {
    status: error.statusCode,
    error: new AppError({
      code: 'INPUT_INVALID',
      message:
        error.statusCode === 413
          ? 'The body of the request is larger than 16 MiB.'
          : 'The request could not be read.',
      hint: 'Correct the request and send it again; nothing was done.',
    }),
  };
}

/**
 * The web shell's server, not listening yet: `POST /rpc/<call>`, `GET /events` and the interface.
 * Every answer but a file or the stream is JSON, errors too. Nothing is cached; no other origin is
 * ever allowed (no CORS header is sent).
 */
export function createWebServer({ core, files, token }: WebServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...pageHeaders(), 'cache-control': 'no-store' });
    const foreign = checkHostAndOrigin(request.headers);
    return foreign ? refuse(reply, foreign) : undefined;
  });
  server.setErrorHandler((thrown: FastifyError, _request, reply) => {
    const { status, error } = requestError(thrown);
    return reply.status(status).send({ ok: false, error: error.toData() });
  });
  server.setNotFoundHandler((_request, reply) => {
    const error = new AppError({
      code: 'CALL_UNKNOWN',
      message: 'The console answers POST /rpc/<call> and GET /events.',
      hint: 'Check the method and the path of the request.',
    });
    return reply.status(404).send({ ok: false, error: error.toData() });
  });
  // what shows or changes data lies in a scope of its own; the interface's own files are no secret
  server.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => {
      const unknown = checkToken(request.headers.authorization, token);
      return unknown ? refuse(reply, unknown) : undefined;
    });
    addRpcRoute(guarded, core.dispatch);
    addEventStream(guarded, core.events);
  });
  addPagesRoute(server, files);
  return server;
}
