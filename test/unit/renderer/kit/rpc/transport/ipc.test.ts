import { expect, test } from 'vitest';
import { createIpcTransport } from '#renderer/kit/rpc/transport/ipc.ts';
import type { ConsoleBridge } from '#shared/contract/bridge.ts';

class Bridge implements Pick<ConsoleBridge, 'call' | 'subscribe'> {
  readonly listeners = new Set<(event: unknown) => void>();
  async call(name: string, input: unknown) {
    return { ok: true as const, value: { name, input } };
  }
  cancel() {}
  subscribe(listener: (event: unknown) => void) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

test('passes calls and events through the preload bridge', async () => {
  const bridge = new Bridge();
  const transport = createIpcTransport(bridge);
  expect(await transport.call('app.info', { a: 1 })).toEqual({
    ok: true,
    value: { name: 'app.info', input: { a: 1 } },
  });
  const names: string[] = [];
  const end = transport.subscribe({ onEvent: ({ name }) => names.push(name) });
  for (const listener of bridge.listeners) listener({ name: 'connections.changed', payload: {} });
  end();
  expect(names).toEqual(['connections.changed']);
  expect(bridge.listeners.size).toBe(0);
});
