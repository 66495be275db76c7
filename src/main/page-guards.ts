import { app, dialog, type Session, shell, type WebContents } from 'electron';
import { appOrigin } from '#shared/page-policy.ts';
import { isOwnPage, mayOpenOutside } from './trusted-addresses.ts';

/** Opens a further window of the console at one of its own addresses; nothing until the shell says how. */
export const ownWindows = { open: (_url: string): void => undefined };

/** Admin areas of the saved billing systems, which the interface links to; none until the shell says how. */
export const adminAreas = { list: async (): Promise<string[]> => [] };

async function openOutside(url: string): Promise<void> {
  try {
    if (mayOpenOutside(url, await adminAreas.list())) await shell.openExternal(url);
  } catch {
    const message = 'The page could not be opened in your browser';
    const detail = `${url}\n\nSet a default browser in the settings of your system, or enter the address yourself.`;
    void dialog.showMessageBox({ type: 'error', message, detail, buttons: ['OK'] });
  }
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
    if (isOwnPage(url, developmentOrigin())) ownWindows.open(url);
    else void openOutside(url);
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

/** Returns where `npm run dev` serves the interface from; undefined in a build and always when packaged. */
export function developmentOrigin(): string | undefined {
  const address = process.env.ELECTRON_RENDERER_URL;
  return app.isPackaged || !address ? undefined : new URL(address).origin;
}

export function pageAddress(): string {
  return `${developmentOrigin() ?? appOrigin}/`;
}
