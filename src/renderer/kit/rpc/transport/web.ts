import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallReply } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { SubscriptionListener, Transport } from './transport.ts';
import { shellGone, type WebSession } from './web-session.ts';

const longestPause = 10_000;

export interface WebTransportOptions {
  /** Origin of the web shell; empty for the page's own. */
  origin?: string;
  session: WebSession;
  /** Whether somebody is at the page; what it sends otherwise does not keep the session open. */
  isAttended?: () => boolean;
  fetch?: typeof fetch;
}

/**
 * The web shell's transport: `POST /rpc/<call>` and one event stream, both with the bearer token. The
 * stream is read with `fetch`, since `EventSource` can't send the header; it reconnects on its own and
 * reports the gap.
 */
export function createWebTransport(options: WebTransportOptions): Transport {
  const origin = options.origin ?? '';
  const request = options.fetch ?? ((...input: Parameters<typeof fetch>) => fetch(...input));
  const { session, isAttended = () => true } = options;

  /** Sends a request with the session's token; once more with another where the shell refused it. */
  async function send(path: string, init: RequestInit): Promise<Response> {
    const sendWith = (token: string): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      if (!isAttended()) headers.set('x-console-unattended', '1');
      return request(`${origin}${path}`, { ...init, headers });
    };
    const token = await session.token();
    const response = await sendWith(token);
    return response.status === 401 ? await sendWith(await session.renew(token)) : response;
  }

  async function call(name: string, input: unknown, signal?: AbortSignal): Promise<CallReply> {
    let response: Response;
    try {
      response = await send(`/rpc/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input ?? {}),
        ...(signal ? { signal } : {}),
      });
    } catch (thrown) {
      if (signal?.aborted || thrown instanceof AppError) throw thrown;
      throw shellGone(thrown);
    }
    try {
      return (await response.json()) as CallReply;
    } catch (thrown) {
      throw shellGone(thrown);
    }
  }

  async function listen(listener: SubscriptionListener, signal: AbortSignal): Promise<void> {
    let pause = 250;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const response = await send('/events', { signal });
        if (response.ok && response.body) {
          if (attempt > 0) listener.onGap?.();
          pause = 250;
          for await (const event of readEventStream(response.body)) listener.onEvent(event);
        }
      } catch {
        // The stream broke or the shell is gone; calls report that, the stream only tries again.
        if (session.ended()) return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 2, longestPause);
    }
  }

  return {
    call,
    session,
    subscribe(listener) {
      const abort = new AbortController();
      void listen(listener, abort.signal);
      return () => abort.abort();
    },
  };
}

/**
 * Splits a `text/event-stream` body into the console's events. Comments (heartbeats) are
 * passed over; what to do with an event of a name it does not know is the listener's matter.
 * @param body the bytes of the response, in any chunking
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ConsoleEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n');
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.releaseLock();
  }
}

function parseBlock(block: string): ConsoleEvent | null {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  if (data === '') return null;
  return JSON.parse(data) as ConsoleEvent;
}
