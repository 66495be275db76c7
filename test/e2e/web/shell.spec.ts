import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { openToOthers } from '#test/fakes/open-to-others.ts';
import { expect, test } from '../fixtures.ts';

interface Answer {
  status: number;
  body: string;
  headers: Record<string, unknown>;
}

/** Sends a request whose Host and Origin a browser would not let a page select. */
function send(
  origin: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      new URL(path, origin),
      { method: options.method ?? 'POST', headers: options.headers ?? {} },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.method === 'GET' ? undefined : (options.body ?? '{}'));
  });
}

test('answers its own page and token only', async ({ openConsole }) => {
  const { address = '', token } = await openConsole();
  const { origin } = new URL(address);
  const authorization = `Bearer ${token}`;
  const path = '/rpc/app.info';

  expect((await send(origin, path, { headers: { authorization } })).status).toBe(200);
  const refused = [
    await send(origin, path),
    await send(origin, path, { headers: { authorization: `${authorization}x` } }),
    await send(origin, path, { headers: { authorization, host: 'console.example' } }),
    await send(origin, path, { headers: { authorization, origin: 'http://console.example' } }),
    await send(origin, path, { headers: { authorization, 'sec-fetch-site': 'cross-site' } }),
    await send(origin, '/%72pc/app.info', { headers: {} }),
    await send(origin, '/events', { method: 'GET' }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 403, 403, 403, 401, 401]);
  for (const { body } of refused) expect(JSON.parse(body).error.code).toBe('CALLER_REFUSED');
  for (const { headers } of refused) {
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('ends cleanly when asked to, and leaves files that its owner alone can read', async ({
  openConsole,
}) => {
  const { quit, dataDir } = await openConsole();
  expect(await quit()).toBe(0);
  expect(readdirSync(dataDir).length).toBeGreaterThan(1);
  if (process.platform !== 'win32') expect(openToOthers(dataDir)).toEqual([]);
});
