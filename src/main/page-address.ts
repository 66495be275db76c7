import { app } from 'electron';
import { appOrigin } from '#shared/page-policy.ts';

/** Where `npm run dev` serves the interface from; undefined in a build and always when packaged. */
export function developmentOrigin(): string | undefined {
  const address = process.env.ELECTRON_RENDERER_URL;
  return app.isPackaged || !address ? undefined : new URL(address).origin;
}

/** The address a window opens. */
export function pageAddress(): string {
  return `${developmentOrigin() ?? appOrigin}/`;
}
