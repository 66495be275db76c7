import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { appOrigin } from '#shared/page-policy.ts';
import { isInAdminArea } from '#shared/whmcs-links.ts';

/** The parts of a frame that say whether it may call the console. */
interface CallerFrame {
  readonly url: string;
  /** The frame around it; null for a window's main frame. */
  readonly parent: unknown;
}

/** `scheme://host` of an address; the platform's own `origin` knows no schemes but the web's. */
function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/**
 * Returns whether an address is one of the interface's own.
 * @param developmentOrigin where a development server serves it, only when not packaged
 */
export function isOwnPage(url: string, developmentOrigin?: string): boolean {
  const origin = originOf(url);
  return origin !== null && (origin === appOrigin || origin === developmentOrigin);
}

/**
 * Returns whether a call comes from the main frame of one of our windows, showing our own page. A frame
 * that is gone (null) is not trusted.
 * @param ownWindow whether the sender is one of the console's windows
 */
export function isTrustedCaller(
  frame: CallerFrame | null,
  ownWindow: boolean,
  developmentOrigin?: string,
): boolean {
  return (
    ownWindow && frame !== null && frame.parent === null && isOwnPage(frame.url, developmentOrigin)
  );
}

/** Hosts whose pages the interface links to: the vendors' guides. */
const linkedHosts: ReadonlySet<string> = new Set([
  'docs.virtuozzo.com',
  'support.virtuozzo.com',
  'dl.acronis.com',
  'kb.acronis.com',
  'www.acronis.com',
]);

/**
 * Returns whether an address may be handed to the operator's browser: https, and a host we link to, or in
 * the admin area of a billing system that the operator has saved.
 */
export function mayOpenOutside(address: string, adminAreas: readonly string[] = []): boolean {
  if (!URL.canParse(address)) return false;
  if (adminAreas.some((area) => isInAdminArea(address, area))) return true;
  const { protocol, hostname, username, password } = new URL(address);
  return protocol === 'https:' && linkedHosts.has(hostname) && username === '' && password === '';
}

/** Returns the admin areas of the saved billing systems, which the interface links to. */
export async function savedAdminAreas(core: Pick<Core, 'dispatch'>): Promise<string[]> {
  const reply = await core.dispatch('billing.list', {}, { signal: new AbortController().signal });
  if (!reply.ok) return [];
  const systems = reply.value as CallOutput<'billing.list'>;
  return systems.flatMap(({ adminUrl }) => adminUrl ?? []);
}
