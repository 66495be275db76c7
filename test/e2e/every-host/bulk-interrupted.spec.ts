import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { dialog, saveCluster } from '../helpers/save-cluster.ts';

test('a run in whose middle the console was killed is offered at the next start and gone on with', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 120, buckets: 20 });
  const first = await openConsole();
  const id = await saveCluster(first.page, gateway);
  const source = {
    from: 'filter',
    filter: { system: false },
    change: { change: 'setQuota', sizeGb: 777 },
  } as const;
  const run = await callValue(first.page, 'bulk.preview', { connectionId: id, source });
  // the run can't come to its end before it is killed
  const match = { service: 'ostor-quotas', method: 'PUT' };
  gateway.faults.add({ kind: 'hang-before', skip: 20, match });
  await callValue(first.page, 'bulk.apply', { connectionId: id, runId: run.runId, canary: 'none' });
  await openClusterPage(first.page, id, `changes/run/${run.runId}`);
  await expect(first.page.getByRole('region', { name: 'Progress of the run' })).toBeVisible();
  await expect(() => expect(gateway.log.acted()).toHaveLength(20)).toPass();
  process.kill(first.pid, 'SIGKILL');
  await expect(() => expect(() => process.kill(first.pid, 0)).toThrow()).toPass();
  await first.quit().catch(() => null);
  gateway.faults.clear();

  const { page } = await openConsole();
  await openClusterPage(page, id, 'users');
  const keyboard = await byKeyboard(page);
  const tray = page.getByRole('region', { name: 'Tasks' });
  await expect(tray).toContainText('The console ended in the middle');
  await keyboard.activate(tray.getByRole('link', { name: 'Resume or review' }));
  await expect(page.getByText('The console ended in the middle of this run')).toBeVisible();
  const resume = /^Resume with \d+ rows$/;
  await keyboard.activate(page.getByRole('button', { name: resume }));
  await keyboard.activate(dialog(page).getByRole('button', { name: resume }));
  await expect(page.getByText('Finished').first()).toBeVisible();
  const { counts } = await callValue(page, 'bulk.get', { connectionId: id, runId: run.runId });
  expect((counts.verified ?? 0) + (counts.unchanged ?? 0)).toBe(run.total);
  const changed = gateway.log.acted().map(({ query }) => query);
  expect(new Set(changed).size).toBe(changed.length);
});
