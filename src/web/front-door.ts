import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AppError, invalidInput } from '#shared/errors.ts';
import { pageHeaders } from '#shared/page-policy.ts';
import { checkHostAndOrigin, type Refusal } from './guards.ts';

/** Connections that sent no valid token yet; beyond, the one that is silent longest is dropped. */
export const mostAnonymous = 64;

const mostConnections = 1024;
const headerMilliseconds = 10_000;
/** A plan of many megabytes through a slow tunnel arrives within it. */
const requestMilliseconds = 300_000;

/** Headers of every answer. Nothing is cached; no CORS header is ever sent. */
const everyAnswer = { ...pageHeaders(), 'cache-control': 'no-store' };

/** The HTTP server with what holds for every request, whatever comes after it. */
export interface FrontDoor {
  server: Server;
  /** Called where a connection showed that it may be here: it is not dropped for others. */
  admit(socket: Socket): void;
}

/** Errors leave as JSON of the same form as answers of calls. */
function errorBody(error: AppError): string {
  return JSON.stringify({ ok: false, error: error.toData() });
}

/**
 * Makes the server: every answer has the security headers, and every request is checked for Host and
 * Origin before anything else looks at it, those that can't be parsed included.
 */
export function createFrontDoor(answer: RequestListener): FrontDoor {
  const anonymous = new Set<Socket>();
  const guarded: RequestListener = (request, response) => {
    for (const [name, value] of Object.entries(everyAnswer)) response.setHeader(name, value);
    const refused = checkHostAndOrigin(request.headers);
    if (!refused) return answer(request, response);
    refuse(refused, response);
  };
  const server = createServer(
    {
      // Ours says what is missing, with the headers of every answer.
      requireHostHeader: false,
      headersTimeout: headerMilliseconds,
      requestTimeout: requestMilliseconds,
      connectionsCheckingInterval: 5_000,
    },
    guarded,
  );
  server.maxConnections = mostConnections;
  server.on('checkExpectation', guarded);
  server.on('connect', (_request, socket) => answerRaw(socket, 405));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerRaw(socket, statusOfClientError(error));
  });
  server.on('connection', (socket) => {
    anonymous.add(socket);
    socket.once('close', () => anonymous.delete(socket));
    const [oldest] = anonymous;
    if (anonymous.size > mostAnonymous) oldest?.destroy();
  });
  return { server, admit: (socket) => void anonymous.delete(socket) };
}

function refuse({ status, error }: Refusal, response: Parameters<RequestListener>[1]): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(errorBody(error));
}

function statusOfClientError({ code }: NodeJS.ErrnoException): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/** Answers what is no HTTP request, or one that took too long, and hangs up. */
function answerRaw(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorBody(
    invalidInput(
      'The request could not be read.',
      'Send a complete HTTP/1.1 request; nothing was done.',
    ),
  );
  const headers = {
    ...everyAnswer,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const start = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  socket.end(`${start}${lines.join('')}\r\n${body}`, () => socket.destroy());
}
