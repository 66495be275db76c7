import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Dispatch } from '#core/platform/dispatch.ts';
import type { CallReply } from '#shared/contract/index.ts';
import { invalidInput } from '#shared/errors.ts';

/** The status of an answer. The body is what counts: it says the same and more. */
function statusOf(reply: CallReply): number {
  if (reply.ok) return 200;
  if (reply.error.code === 'CALL_UNKNOWN') return 404;
  if (reply.error.code === 'INPUT_INVALID') return 400;
  if (reply.error.code === 'INTERNAL') return 500;
  return 200;
}

/** Ends when the caller goes away before it was answered. */
function callerSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort();
  });
  return abort.signal;
}

/** Returns the JSON of a body; none is an empty input. */
export function parseBody(body: unknown): unknown {
  if (typeof body !== 'string' || body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw invalidInput(
      'The body of the request is not JSON.',
      'Send the input of the call as one JSON object; nothing was done.',
    );
  }
}

/** `POST /rpc/<call>`: one call of the contract, its input as JSON, its reply as JSON. */
export function addRpcRoute(server: FastifyInstance, dispatch: Dispatch): void {
  server.post<{ Params: { call: string } }>('/rpc/:call', async (request, reply) => {
    const input = parseBody(request.body);
    const answer = await dispatch(request.params.call, input, { signal: callerSignal(reply) });
    return reply.status(statusOf(answer)).send(answer);
  });
}

/** The longest text that a call takes, UTF-16 units: a table of customers. A test holds it to the contract. */
export const longestText = 64_000_000;

/**
 * Largest body taken, bytes: the longest text at three bytes a unit, and what is around it. Only
 * who has a token gets that far.
 */
export const bodyLimit: number = 3 * longestText + 2 ** 20;
