import { TestConsole } from '#test/fakes/test-console.ts';

/** What the test tells this program: it discards until it is killed. */
export interface DiscardOrder {
  dataDir: string;
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  names: string[];
}

process.once('message', async ({ dataDir, names, ...gateway }: DiscardOrder) => {
  const console_ = await TestConsole.start({ dataDir });
  const { id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    environment: 'lab',
    signature: 'v2',
    ...gateway,
  });
  const typedName = String(names.length);
  await console_.call('usage.discardObjects', { connectionId, names, typedName });
});
process.send?.('ready');
