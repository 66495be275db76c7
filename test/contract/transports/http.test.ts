import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterfaceFiles } from '#core/platform/files/static-assets.ts';
import { createWebTransport } from '#renderer/kit/rpc/transport/web.ts';
import { createWebServer } from '../../../src/web/web-server.ts';
import { transportSuite } from './transport-suite.ts';

transportSuite('HTTP', async (core) => {
  const folder = await mkdtemp(join(tmpdir(), 'http-transport-'));
  await writeFile(join(folder, 'index.html'), '<title>console</title>');
  const token = 'token-of-the-suite';
  const server = createWebServer({ core, files: new InterfaceFiles(folder), token });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const gone = new AbortController();
  const leavingFetch: typeof fetch = (url, options) =>
    fetch(url, {
      ...options,
      signal: options?.signal ? AbortSignal.any([gone.signal, options.signal]) : gone.signal,
    });
  return {
    transport: createWebTransport({ origin, token, fetch: leavingFetch }),
    stranger: createWebTransport({ origin, token: 'another', fetch }),
    leave: () => gone.abort(),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
});
