import { protocol } from 'electron';
import type { StaticAssets } from '#core/platform/files/static-assets.ts';
import { appOrigin } from '#shared/page-policy.ts';
import { answerFileRequest } from './file-request.ts';

const scheme = new URL(appOrigin).protocol.replace(':', '');

/** Gives the interface's scheme its own origin. Before the app is ready, once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built interface at {@link appOrigin}. Once the app is ready. */
export function serveInterface(files: StaticAssets): void {
  protocol.handle(scheme, (request) => answerFileRequest(files, request));
}
