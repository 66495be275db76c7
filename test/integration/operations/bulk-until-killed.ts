import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** What the test tells this program: it does the rows of a run until it is killed. */
export interface BulkOrder {
  dataDir: string;
  runId: string;
  connection: { id: string; endpoint: string; accessKeyId: string; secretKey: string };
}

process.once('message', async ({ dataDir, runId, connection }: BulkOrder) => {
  const console_ = await TestConsole.start({ dataDir });
  const { id: connectionId } = await console_.call('connections.save', {
    // one request at a time, so that a kill meets one row
    ...{ name: 'Rack 1', environment: 'lab', maxConnections: 1, ...connection },
  });
  const { state } = await console_.call('bulk.get', { connectionId, runId });
  const run = { connectionId, runId };
  const { taskId } =
    state === 'previewed'
      ? await console_.call('bulk.apply', run)
      : await console_.call('bulk.resume', run);
  await taskEnd(console_, taskId);
  await console_.core.close();
  process.exit(0);
});
process.send?.('ready');
