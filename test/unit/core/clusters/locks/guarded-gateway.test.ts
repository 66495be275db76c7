import { describe, expect, it } from 'vitest';
import type { GuardedConnection } from '#core/clusters/locks/guard.ts';
import { gatewayWriteMethods, guardGateway } from '#core/clusters/locks/guarded-gateway.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';

const open: GuardedConnection = { name: 'Lab', environment: 'lab', readOnly: false };

/** A gateway that notes which of its methods were called. */
function noting(called: string[]): Gateway {
  return new Proxy({} as Gateway, {
    get: (_target, method) => async () => {
      called.push(String(method));
    },
  });
}

type Anything = Record<string, () => Promise<unknown>>;

describe('a guarded gateway', () => {
  it.each(gatewayWriteMethods)(
    'sends no %s on a read-only or locked connection',
    async (method) => {
      const called: string[] = [];
      let connection: GuardedConnection = { ...open, readOnly: true };
      const gateway = guardGateway(noting(called), () => connection) as unknown as Anything;
      await expect(gateway[method]?.()).rejects.toMatchObject({ code: 'CONNECTION_READ_ONLY' });
      connection = { ...open, environment: 'production' };
      await expect(gateway[method]?.()).rejects.toMatchObject({ code: 'CONNECTION_LOCKED' });
      expect(called).toEqual([]);
      connection = { ...connection, unlockedUntil: new Date(Date.now() + 60_000).toISOString() };
      await gateway[method]?.();
      connection = open;
      await gateway[method]?.();
      expect(called).toEqual([method, method]);
    },
  );

  it('refuses a method that it does not know, since it may write', async () => {
    const called: string[] = [];
    const connection = { ...open, readOnly: true };
    const gateway = guardGateway(noting(called), () => connection) as unknown as Anything;
    await expect(gateway.eraseEverything?.()).rejects.toMatchObject({
      code: 'CONNECTION_READ_ONLY',
    });
    expect(called).toEqual([]);
  });

  it('lets readings through', async () => {
    const called: string[] = [];
    const gateway = guardGateway(noting(called), () => ({ ...open, readOnly: true }));
    await gateway.listUsers();
    await gateway.getQuota({ default: 'user' });
    expect(called).toEqual(['listUsers', 'getQuota']);
  });
});
