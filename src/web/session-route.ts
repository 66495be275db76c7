import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { parseBody } from './rpc-route.ts';
import type { Sessions } from './sessions.ts';

const opening = z.object({ code: z.string().max(200).optional() });

/** Browsers keep cookies by host, not by port: consoles on two ports must not take each other's. */
function cookieName({ headers }: FastifyRequest): string {
  return `ostor-console-${/:(\d+)$/.exec(headers.host ?? '')?.[1] ?? '80'}`;
}

function sentCookie(request: FastifyRequest): string | undefined {
  const name = cookieName(request);
  const pairs = (request.headers.cookie ?? '').split(/; */).map((pair) => pair.split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
  const attributes = 'Path=/session; HttpOnly; SameSite=Strict';
  const end = value === '' ? '; Max-Age=0' : '';
  reply.header('set-cookie', `${cookieName(request)}=${value}; ${attributes}${end}`);
}

/**
 * `POST /session` exchanges a one-time code for the bearer token of all calls, or resumes the session
 * of a page that was reloaded by its cookie. `DELETE /session` signs out.
 */
export function addSessionRoute(server: FastifyInstance, sessions: Sessions): void {
  server.post('/session', { bodyLimit: 4096 }, async (request, reply) => {
    const input = opening.safeParse(parseBody(request.body));
    if (!input.success) throw invalidOpening();
    const { code } = input.data;
    // A page says where it is from; without that, a cookie that another program got hold of opens nothing.
    const cookie = request.headers.origin === undefined ? undefined : sentCookie(request);
    const opened = code === undefined ? sessions.resume(cookie) : sessions.open(code);
    if ('error' in opened) {
      return reply.status(opened.status).send({ ok: false, error: opened.error.toData() });
    }
    if (opened.cookie !== null) setCookie(request, reply, opened.cookie);
    return reply.send({ token: opened.token });
  });
  server.delete('/session', async (request, reply) => {
    const session = sessions.find(request.headers.authorization, true);
    setCookie(request, reply, '');
    if ('error' in session) {
      return reply.status(session.status).send({ ok: false, error: session.error.toData() });
    }
    sessions.signOut(session);
    return reply.send({ ok: true, value: null });
  });
}

function invalidOpening(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'POST /session takes {"code":"…"}, or {} from a page that was reloaded.',
    hint: 'Send the code of the printed address.',
  });
}
