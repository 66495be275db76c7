import { expect, test, vi } from 'vitest';
import { createWebTransport } from '#renderer/kit/rpc/transport/web.ts';
import { createWebSession } from '#renderer/kit/rpc/transport/web-session.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import { AppError } from '#shared/errors.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { fixedSession } from '#test/fakes/fixed-session.ts';

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

const refused = {
  code: 'CALLER_REFUSED',
  message: 'No.',
  hint: 'Open the address.',
  retryable: false,
};

test('posts a call with the bearer token and yields the reply', async () => {
  const requests: { address: string; init: RequestInit | undefined }[] = [];
  const transport = createWebTransport({
    session: fixedSession('abc'),
    fetch: async (address, init) => {
      requests.push({ address: String(address), init });
      return json({ ok: true, value: 7 });
    },
  });
  expect(await transport.call('app.info', { a: 1 })).toEqual({ ok: true, value: 7 });
  expect(requests[0]?.address).toBe('/rpc/app.info');
  expect(new Headers(requests[0]?.init?.headers).get('authorization')).toBe('Bearer abc');
  expect(requests[0]?.init?.body).toBe('{"a":1}');
});

test.each([
  [
    'a token the shell does not know',
    async () => json({ ok: false, error: refused }, 401),
    'CALLER_REFUSED',
  ],
  [
    'a shell that is gone',
    () => Promise.reject(new TypeError('Failed to fetch')),
    'NETWORK_UNREACHABLE',
  ],
  ['an answer that is not ours', async () => new Response('<html>'), 'NETWORK_UNREACHABLE'],
])('tells of %s what to do', async (_, fetch, code) => {
  const transport = createWebTransport({ session: createWebSession({ code: null, fetch }), fetch });
  const error = await transport.call('app.info', {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe(code);
  expect((error as AppError).hint).toMatch(/address/);
});

test('reconnects the event stream and reports the gap', async () => {
  let connections = 0;
  const transport = createWebTransport({
    session: fixedSession('abc'),
    fetch: async () => {
      connections += 1;
      return new Response('data: {"name":"connections.changed","payload":{}}\n\n');
    },
  });
  const events: ConsoleEvent[] = [];
  const onGap = vi.fn();
  const end = transport.subscribe({ onEvent: (event) => events.push(event), onGap });
  await eventually(() => expect(connections).toBeGreaterThan(1));
  await eventually(() => expect(events.length).toBeGreaterThan(1));
  expect(onGap).toHaveBeenCalled();
  end();
});
