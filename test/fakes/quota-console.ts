import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { startSimulator } from '#simulator/index.ts';
import { TestConsole } from './test-console.ts';

/** A console with one cluster, “Lab”, whose largest user gets quotas that it is over or near: signals. */
export async function startQuotaConsole() {
  const simulator = await startSimulator({ users: 4, buckets: 8 });
  const secrets = new MemorySecretStore();
  const console = await TestConsole.start({ secretStore: secrets });
  const { url, accessKeyId, secretKey } = simulator;
  const { id: connectionId } = await console.call('connections.save', {
    ...{ name: 'Lab', endpoint: url, accessKeyId, secretKey, environment: 'lab' },
  });
  await console.call('sync.refresh', { connectionId });
  const { rows } = await console.call('users.list', {
    connectionId,
    sort: { by: 'currentBytes', descending: true },
  });
  const { userId = '', currentBytes = 0n } = rows[0] ?? {};
  const setQuota = (sizeGb: string) =>
    console.call('quotas.set', { connectionId, target: { user: userId }, sizeGb });
  return {
    ...{ simulator, secrets, console, connectionId, userId, setQuota },
    /** A quota of which so many percent are used. */
    setQuotaUsed: (percent: number) =>
      setQuota(String(Math.ceil((Number(currentBytes) / 1e9) * (100 / percent)))),
    quotas: () => console.call('signals.list', { filter: { kind: 'quota' } }),
    end: async () => {
      await console.end();
      await simulator.stop();
    },
  };
}
