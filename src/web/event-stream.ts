import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EventBus } from '#core/platform/events.ts';
import type { Session } from './sessions.ts';

const heartbeatMilliseconds = 15_000;

/**
 * `GET /events`: core's events as a stream of server-sent events, each `data` one JSON
 * `{name, payload}`. Read with `fetch`, since it wants the token in a header, which `EventSource`
 * can't send. A comment at intervals keeps tunnels from closing it. It ends with its session.
 */
export function addEventStream(
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
