import type { FastifyInstance } from 'fastify';
import type { EventBus } from '#core/platform/events.ts';

const heartbeatMilliseconds = 15_000;

/**
 * `GET /events`: core's events as a stream of server-sent events, each `data` one JSON
 * `{name, payload}`. Read with `fetch`, since it wants the token in a header, which `EventSource`
 * can't send. A comment at intervals keeps tunnels from closing it.
 */
export function addEventStream(server: FastifyInstance, events: EventBus): void {
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
    const end = (): void => {
      clearInterval(heartbeat);
      unsubscribe();
      open.delete(end);
      stream.end();
    };
    open.add(end);
    request.raw.once('close', end);
  });
  server.addHook('preClose', async () => {
    for (const end of [...open]) end();
  });
}
