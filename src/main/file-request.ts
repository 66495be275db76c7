import type { StaticAssets } from '#core/platform/files/static-assets.ts';
import { appOrigin, pageHeaders } from '#shared/page-policy.ts';

const host = new URL(appOrigin).host;

/** Answers one request for a file of the interface, with the policy on every answer. */
export async function answerFileRequest(
  files: Pick<StaticAssets, 'find'>,
  request: Request,
): Promise<Response> {
  const { host: asked, pathname } = new URL(request.url);
  if (asked !== host || request.method !== 'GET') {
    return new Response(null, { status: 403, headers: pageHeaders() });
  }
  const file = await files.find(pathname);
  if (!file) return new Response(null, { status: 404, headers: pageHeaders() });
  return new Response(new Uint8Array(file.content), {
    headers: { ...pageHeaders(file.nonce), 'content-type': file.mediaType },
  });
}
