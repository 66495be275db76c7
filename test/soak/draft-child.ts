import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** Drafts invoices in a process of its own, which its parent kills in the middle. */
const { dataDir, billingId, statementIds, secret } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  billingId: string;
  statementIds: string[];
  secret: string;
};

const secretStore = new MemorySecretStore();
await secretStore.set(`billing-${billingId}`, secret);
const console_ = await TestConsole.start({ dataDir, secretStore, sharesDataDir: true });
const { taskId } = await console_.call('invoices.draft', { billingId, statementIds });
for (;;) {
  const task = await console_.call('tasks.get', { taskId });
  if (task.state !== 'running') {
    process.stdout.write(`${JSON.stringify(task.result ?? task.error)}\n`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await console_.core.close();
process.exit(0);
