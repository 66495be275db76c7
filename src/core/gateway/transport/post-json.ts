import { parseEndpoint } from '../model/endpoint.ts';
import { processBudget } from './byte-budget.ts';
import { createDispatcher, timeoutsFrom } from './dispatcher.ts';
import { Transport } from './transport.ts';

interface Post {
  url: string;
  proxy: string | null;
  /** Milliseconds. */
  timeout: number;
  userAgent: string;
  authorization?: string;
  body: unknown;
}

/**
 * Sends JSON once to an address that is no gateway. Yields the status.
 * @throws AppError `ENDPOINT_INVALID`, and what kept it from being answered
 */
export async function postJson(post: Post): Promise<number> {
  const { pathname, search, origin } = new URL(post.url);
  const endpoint = parseEndpoint(origin);
  const { proxy, timeout } = post;
  const timeouts = timeoutsFrom({ connect: timeout, headers: timeout, body: timeout });
  const dispatcher = createDispatcher({ endpoint, trust: {}, proxy, maxConnections: 1, timeouts });
  const transport = new Transport(dispatcher, endpoint, {
    proxied: proxy !== null,
    timeouts,
    budget: processBudget,
    lookAtCertificate: async () => null,
  });
  try {
    const { status } = await transport.sendWhole({
      method: 'POST',
      target: `${pathname}${search}`,
      headers: {
        'content-type': 'application/json',
        'user-agent': post.userAgent,
        ...(post.authorization === undefined ? {} : { authorization: post.authorization }),
      },
      body: Buffer.from(JSON.stringify(post.body)),
    });
    return status;
  } finally {
    await transport.close();
  }
}
