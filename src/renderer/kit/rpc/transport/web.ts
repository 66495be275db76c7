import type { CallReply } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { readEventStream } from './event-stream.ts';
import type { SubscriptionListener, Transport } from './transport.ts';

const longestPause = 10_000;

/** What the web transport is made of. */
export interface WebTransportOptions {
  /** Origin of the web shell; empty for the page's own. */
  origin?: string;
  token: string | null;
  fetch?: typeof fetch;
}

function shellGone(cause: unknown): AppError {
  return new AppError({
    code: 'NETWORK_UNREACHABLE',
    message: 'The web shell of the console does not answer.',
    hint: 'Start it again with "npm run start:web" and open the address it prints.',
    retryable: true,
    cause,
  });
}

function tokenRefused(): AppError {
  return new AppError({
    code: 'CALLER_REFUSED',
    message: 'The web shell does not know this browser tab.',
    hint: 'Open the address that the web shell printed when it started; its token is new each time.',
  });
}

/**
 * The web shell's transport: `POST /rpc/<call>` and one event stream, both with the bearer token. The
 * stream is read with `fetch`, since `EventSource` can't send the header; it reconnects by itself and
 * reports the gap.
 */
export function createWebTransport(options: WebTransportOptions): Transport {
  const origin = options.origin ?? '';
  const request = options.fetch ?? ((...input: Parameters<typeof fetch>) => fetch(...input));
  const headers = { authorization: `Bearer ${options.token ?? ''}` };

  async function call(name: string, input: unknown, signal?: AbortSignal): Promise<CallReply> {
    let response: Response;
    try {
      response = await request(`${origin}/rpc/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input ?? {}),
        ...(signal ? { signal } : {}),
      });
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      throw shellGone(thrown);
    }
    if (response.status === 401) throw tokenRefused();
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
        const response = await request(`${origin}/events`, { headers, signal });
        if (response.status === 401) return;
        if (response.ok && response.body) {
          if (attempt > 0) listener.onGap?.();
          pause = 250;
          for await (const event of readEventStream(response.body)) listener.onEvent(event);
        }
      } catch {
        // The stream broke or the shell is gone; calls report that, the stream only tries again.
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 2, longestPause);
    }
  }

  return {
    call,
    subscribe(listener) {
      const abort = new AbortController();
      void listen(listener, abort.signal);
      return () => abort.abort();
    },
  };
}
