import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** Runs a step of a cancellation in a separate process, which its parent kills in the middle. */
const { dataDir, connectionId, secret, input } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  connectionId: string;
  secret: string;
  input: CallInput<'offboarding.run'>;
};

const secretStore = new MemorySecretStore();
await secretStore.set(connectionId, secret);
const console_ = await TestConsole.start({ dataDir, secretStore, sharesDataDir: true });
const { taskId } = await console_.call('offboarding.run', input);
while ((await console_.call('tasks.get', { taskId })).endedAt === null) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await console_.core.close();
process.exit(0);
