import { app, type Session, shell, type WebContents } from 'electron';
import { developmentOrigin } from './page-address.ts';
import { isOwnPage } from './trusted-sender.ts';

/** Hosts whose pages the interface links to: the vendors' guides. */
const linkedHosts: ReadonlySet<string> = new Set([
  'docs.virtuozzo.com',
  'support.virtuozzo.com',
  'dl.acronis.com',
  'kb.acronis.com',
  'www.acronis.com',
]);

/** Whether an address may be handed to the operator's browser: https, and a host we link to. */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return protocol === 'https:' && linkedHosts.has(hostname) && username === '' && password === '';
}

function guardContents(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url, developmentOrigin())) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url, developmentOrigin())) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** What the page may ask of the system: to put what the operator copies on the clipboard. */
const grantedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/**
 * Shuts every way by which a page could leave the interface or reach the machine: navigation,
 * frames, new windows, webviews, permissions, devices.
 */
export function guardPages(session: Session): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  session.setPermissionRequestHandler((contents, permission, answer) => {
    const isOurs = isOwnPage(contents.getURL(), developmentOrigin());
    answer(isOurs && grantedPermissions.has(permission));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return isOwnPage(origin, developmentOrigin()) && grantedPermissions.has(permission);
  });
  session.setDevicePermissionHandler(() => false);
}
