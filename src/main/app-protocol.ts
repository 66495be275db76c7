import { protocol } from 'electron';
import type { InterfaceFiles } from '#core/interface-files/interface-files.ts';
import { appOrigin, pageHeaders } from '#shared/page-policy.ts';

const scheme = new URL(appOrigin).protocol.replace(':', '');
const host = new URL(appOrigin).host;

/** Gives the interface's scheme an origin of its own. Before the app is ready, once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers one request for a file of the interface, with the policy on every answer. */
export async function answerFileRequest(
  files: Pick<InterfaceFiles, 'find'>,
  request: Request,
): Promise<Response> {
  const { host: asked, pathname } = new URL(request.url);
  if (asked !== host || request.method !== 'GET') {
    return new Response(null, { status: 403, headers: { ...pageHeaders } });
  }
  const file = await files.find(pathname);
  if (!file) return new Response(null, { status: 404, headers: { ...pageHeaders } });
  return new Response(new Uint8Array(file.content), {
    headers: { ...pageHeaders, 'content-type': file.mediaType },
  });
}

/** Serves the built interface at {@link appOrigin}. Once the app is ready. */
export function serveInterface(files: InterfaceFiles): void {
  protocol.handle(scheme, (request) => answerFileRequest(files, request));
}
