import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { billOnce } from '../../src/collect/bill-once.ts';

/** Bills a month in a separate process, which its parent kills in the middle. */
const { dataDir, billingId, period, secret } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  billingId: string;
  /** `2026-10`. */
  period: string;
  secret: string;
};

const secretStore = new MemorySecretStore();
await secretStore.set(`billing-${billingId}`, secret);
const console_ = await TestConsole.start({ dataDir, secretStore, sharesDataDir: true });
// how far issuing is: the parent sees drafts on its own
console_.core.events.subscribe((event) => {
  if (event.name !== 'task.changed' || event.payload.task.kind !== 'statements.issueAll') return;
  process.stdout.write(`issued ${event.payload.task.done}\n`);
});
const order = { connection: billingId, period, draftInvoices: true, out: null };
const report = await billOnce(console_.core, order, new AbortController().signal);
process.stdout.write(`${JSON.stringify(report)}\n`);
await console_.core.close();
process.exit(0);
