import { join } from 'node:path';
import type { Simulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** A separate console with one cluster. */
export interface Workstation {
  console_: TestConsole;
  connectionId: string;
  /** Of the archive. */
  path: string;
}

export async function workstation({
  url,
  accessKeyId,
  secretKey,
}: Simulator): Promise<Workstation> {
  const console_ = await TestConsole.start();
  const { id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint: url,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  const path = join(console_.dataDir, 'connections', connectionId, 'archive.sqlite');
  return { console_, connectionId, path };
}

export async function collect({ console_, connectionId }: Workstation, removeCollected = false) {
  const { taskId } = await console_.call('usage.collect', { connectionId, removeCollected });
  return (await taskEnd(console_, taskId)).result;
}
