import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** Continues a run of sign-ups in a separate process, which its parent kills in the middle. */
const { dataDir, secrets, start } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  secrets: Record<string, string>;
  start: { onboardingId: string };
};

const secretStore = new MemorySecretStore();
for (const [name, secret] of Object.entries(secrets)) await secretStore.set(name, secret);
const console_ = await TestConsole.start({ dataDir, secretStore, sharesDataDir: true });
const { taskId } = await console_.call('onboarding.start', start);
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
