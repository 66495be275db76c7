import type { Route } from 'playwright-core';
import { fromBrowser } from './addresses.ts';
import { app } from './app.ts';

type Handler = (request: Request) => Promise<Response> | Response;

interface Privileges {
  standard?: boolean;
  secure?: boolean;
  supportFetchAPI?: boolean;
  bypassCSP?: boolean;
}

const handlers = new Map<string, Handler>();
const privileges = new Map<string, Privileges>();
let isRegistered = false;

/** Schemes of the application, with or without their own origin. */
export const privilegedSchemes = new Set<string>();

/** Stand-in for Electron's `protocol`. */
export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges?: Privileges }[]) {
    if (app.isReady()) throw new Error('Schemes are registered before the app is ready.');
    if (isRegistered)
      throw new Error('Schemes are registered once: Electron forgets those before.');
    isRegistered = true;
    for (const { scheme, privileges: granted } of schemes) {
      privilegedSchemes.add(scheme);
      privileges.set(scheme, granted ?? {});
    }
  },
  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw new Error('A scheme is handled once the app is ready.');
    if (handlers.has(scheme)) throw new Error(`The scheme ${scheme} is handled already.`);
    handlers.set(scheme, handler);
  },
};

/**
 * Refuses what Chromium has no origin for: a page of a scheme that is not standard resolves no relative
 * address, and one that is not secure has no clipboard; without the privilege to fetch no module loads.
 */
export function requireOrigin(address: string): void {
  const scheme = new URL(address).protocol.slice(0, -1);
  if (/^https?$/.test(scheme)) return;
  const { standard, secure, supportFetchAPI } = privileges.get(scheme) ?? {};
  if (!standard || !secure || !supportFetchAPI) {
    throw new Error(`A page of ${scheme}: needs a scheme that is standard, secure and may fetch.`);
  }
}

/** Answers a request of a page from the handler of its scheme; lets any other through. */
export async function answerRoute(route: Route): Promise<void> {
  const request = route.request();
  const address = fromBrowser(request.url(), privilegedSchemes);
  const scheme = new URL(address).protocol.slice(0, -1);
  const handler = handlers.get(scheme);
  if (!handler) return await route.fallback();
  // an address with a scheme of its own is not fetched by the platform: the Request only carries it
  const response = await handler(
    new Request(address, { method: request.method(), headers: request.headers() }),
  );
  const headers = new Headers(response.headers);
  if (privileges.get(scheme)?.bypassCSP) headers.delete('content-security-policy');
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}
