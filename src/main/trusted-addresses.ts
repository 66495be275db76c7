import { appOrigin } from '#shared/page-policy.ts';

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

/** Returns whether an address may be handed to the operator's browser: https, and a host we link to. */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return protocol === 'https:' && linkedHosts.has(hostname) && username === '' && password === '';
}
