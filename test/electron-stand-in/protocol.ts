import type { Route } from 'playwright-core';
import { fromBrowser } from './addresses.ts';
import { app } from './app.ts';

type Handler = (request: Request) => Promise<Response> | Response;

const handlers = new Map<string, Handler>();

/** Schemes that have been given an origin of their own. */
export const privilegedSchemes = new Set<string>();

/** Stands in for Electron's `protocol`. */
export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]): void {
    if (app.isReady()) throw new Error('Schemes are registered before the app is ready.');
    for (const { scheme } of schemes) privilegedSchemes.add(scheme);
  },
  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw new Error('A scheme is handled once the app is ready.');
    handlers.set(scheme, handler);
  },
};

/** Answers a request of a page from the handler of its scheme; lets any other through. */
export async function answerRoute(route: Route): Promise<void> {
  const request = route.request();
  const address = fromBrowser(request.url(), privilegedSchemes);
  const handler = handlers.get(new URL(address).protocol.slice(0, -1));
  if (!handler) return await route.fallback();
  // an address with a scheme of its own is not fetched by the platform: the Request only carries it
  const response = await handler(
    new Request(address, { method: request.method(), headers: request.headers() }),
  );
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}
