import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify';
import type { Core } from '#core/core.ts';
import type { EventBus } from '#core/platform/events.ts';
import type { StaticAssets } from '#core/platform/files/static-assets.ts';
import { AppError, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { pageHeaders } from '#shared/page-policy.ts';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import type { Refusal } from './guards.ts';
import { addRpcRoute, bodyLimit } from './rpc-route.ts';
import { addSessionRoute, type Session, type Sessions } from './sessions.ts';

const sweepMilliseconds = 5_000;

interface WebServerOptions {
  core: Pick<Core, 'dispatch' | 'events'>;
  files: StaticAssets;
  sessions: Sessions;
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
    error: invalidInput(
      error.statusCode === 413
        ? 'The body of the request is larger than any input.'
        : 'The request could not be read.',
      'Correct the request and send it again; nothing was done.',
    ),
  };
}

function answerError(thrown: FastifyError, reply: FastifyReply): FastifyReply {
  return refuse(reply, requestError(thrown) as Refusal);
}

function answerNothing(reply: FastifyReply): FastifyReply {
  const error = new AppError({
    code: 'CALL_UNKNOWN',
    message: 'The console answers POST /rpc/<call>, GET /events, and POST and DELETE /session.',
    hint: 'Check the method and the path of the request.',
  });
  return reply.status(404).send({ ok: false, error: error.toData() });
}

/**
 * The web shell's server, not listening yet: `POST /rpc/<call>`, `GET /events`, `/session` and the
 * interface. Every answer but a file or the stream is JSON, errors too.
 */
export function createWebServer(options: WebServerOptions): FastifyInstance {
  const { files, sessions } = options;
  let door: FrontDoor | undefined;
  const server = fastify({
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (thrown, _request, reply) => void answerError(thrown, reply),
    // Whatever the state of the server, its answers come through the routes below.
    return503OnClosing: false,
    serverFactory: (answer) => {
      door = createFrontDoor(answer);
      return door.server;
    },
    clientErrorHandler: () => undefined,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler((thrown: FastifyError, _request, reply) => answerError(thrown, reply));
  server.setNotFoundHandler((_request, reply) => answerNothing(reply));
  server.register(async (open) => addSessionRoute(open, sessions));
  // what shows or changes data is in its own scope; the interface's own files are no secret
  server.register(async (guarded) => addGuarded(guarded, options, (socket) => door?.admit(socket)));
  addPagesRoute(server, files);
  const sweeping = setInterval(() => sessions.sweep(), sweepMilliseconds).unref();
  server.addHook('preClose', async () => {
    clearInterval(sweeping);
    sessions.close();
  });
  return server;
}

function addGuarded(
  server: FastifyInstance,
  { core, sessions }: WebServerOptions,
  admit: FrontDoor['admit'],
): void {
  server.addHook('onRequest', async (request, reply) => {
    // A page marks what it sends while nobody is at it.
    const isUsed = request.headers['x-console-unattended'] === undefined;
    const session = sessions.find(request.headers.authorization, isUsed);
    if ('error' in session) return refuse(reply, session);
    admit(request.raw.socket);
    return undefined;
  });
  addRpcRoute(server, core.dispatch);
  addEventStream(server, core.events, ({ headers }) => {
    const session = sessions.find(headers.authorization, false);
    return 'error' in session ? null : session;
  });
}

/** `GET /…`: the files of the interface. They hold no data and need no token. */
function addPagesRoute(server: FastifyInstance, files: StaticAssets): void {
  server.get('/*', async (request, reply) => {
    const path = request.url.split(/[?#]/)[0] ?? '/';
    const file = await files.find(path);
    if (file) {
      return reply.headers(pageHeaders(file.nonce)).type(file.mediaType).send(file.content);
    }
    const error = notFound(
      'The console has no page or file of that name.',
      'Open the address that the console printed when it started.',
    );
    return reply.status(404).send({ ok: false, error: error.toData() });
  });
}

const heartbeatMilliseconds = 15_000;

/**
 * `GET /events`: core's events as a stream of server-sent events, each `data` one JSON
 * `{name, payload}`. Read with `fetch`, since it wants the token in a header, which `EventSource`
 * can't send. A comment at intervals keeps tunnels from closing it. It ends with its session.
 */
function addEventStream(
  server: FastifyInstance,
  events: EventBus,
  sessionOf: (request: FastifyRequest) => Session | null,
): void {
  const open = new Set<() => void>();
  server.get('/events', (request, reply) => {
    reply.hijack();
    const stream = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) stream.setHeader(name, value);
    }
    stream.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    stream.write(': connected\n\n');
    const unsubscribe = events.subscribe((event) => {
      stream.write(`data: ${JSON.stringify(event)}\n\n`);
    });
    const heartbeat = setInterval(() => stream.write(': alive\n\n'), heartbeatMilliseconds);
    const session = sessionOf(request);
    const leavePage = session?.enterPage();
    const end = (): void => {
      if (!open.delete(end)) return;
      clearInterval(heartbeat);
      leavePage?.();
      session?.ended.removeEventListener('abort', end);
      unsubscribe();
      stream.end();
    };
    open.add(end);
    session?.ended.addEventListener('abort', end);
    request.raw.once('close', end);
  });
  server.addHook('preClose', async () => {
    for (const end of [...open]) end();
  });
}
