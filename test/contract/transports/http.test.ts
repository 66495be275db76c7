import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { createWebTransport } from '#renderer/kit/rpc/transport/web.ts';
import { createWebSession } from '#renderer/kit/rpc/transport/web-session.ts';
import { fixedSession } from '#test/fakes/fixed-session.ts';
import { Sessions } from '../../../src/web/sessions.ts';
import { createWebServer } from '../../../src/web/web-server.ts';
import { transportSuite } from './transport-suite.ts';

transportSuite('HTTP', async (core) => {
  const folder = await mkdtemp(join(tmpdir(), 'http-transport-'));
  await writeFile(join(folder, 'index.html'), '<title>console</title>');
  const sessions = new Sessions({ idleMilliseconds: 60_000, browsers: 1 });
  const token = sessions.issueScriptToken();
  const server = createWebServer({ core, files: new StaticAssets(folder), sessions });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const gone = new AbortController();
  const leavingFetch: typeof fetch = (url, options) =>
    fetch(url, {
      ...options,
      signal: options?.signal ? AbortSignal.any([gone.signal, options.signal]) : gone.signal,
    });
  return {
    transport: createWebTransport({
      origin,
      session: fixedSession(token),
      fetch: leavingFetch,
    }),
    stranger: createWebTransport({
      origin,
      session: createWebSession({ origin, code: 'another-code-of-nobody' }),
      fetch,
    }),
    leave: () => gone.abort(),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
});
