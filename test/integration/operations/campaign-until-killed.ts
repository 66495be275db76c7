import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** What the test tells this program: it does a step of a campaign until it is killed. */
export interface CampaignOrder {
  dataDir: string;
  campaignId: string;
  step: 'generate' | 'revoke';
  connection: { id: string; endpoint: string; accessKeyId: string; secretKey: string };
}

process.once('message', async ({ dataDir, campaignId, step, connection }: CampaignOrder) => {
  const console_ = await TestConsole.start({ dataDir });
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', environment: 'lab', maxConnections: 1, ...connection },
  });
  const { taskId } = await console_.call('campaigns.step', { connectionId, campaignId, step });
  await taskEnd(console_, taskId);
  await console_.core.close();
  process.exit(0);
});
process.send?.('ready');
