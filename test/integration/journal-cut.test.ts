import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

beforeEach(async () => {
  simulator = await startSimulator({ users: 6, buckets: 0 });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

/** Takes the last entries away, and what the database itself says of its end. */
function cut(entries: number): void {
  const path = join(console_.dataDir, 'connections', connectionId, 'archive.sqlite');
  const database = new DatabaseSync(path);
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  database.exec(
    `DELETE FROM journal_entry WHERE sequence > (SELECT max(sequence) FROM journal_entry) - ${entries}`,
  );
  database.exec(`UPDATE journal_head SET (entries, hash) =
    (SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1)`);
  database.close();
}

it('a journal that is cut under a running console says so with the next entry, for ever', async () => {
  const target = { default: 'user' } as const;
  const write = (sizeGb: number) => console_.call('quotas.set', { connectionId, target, sizeGb });
  for (const sizeGb of [1, 2, 3]) await write(sizeGb);
  cut(4);
  await write(4);
  const [last, noticed, ...others] = await journal();
  expect(last).toMatchObject({ operation: 'quotas.set', result: 'verified' });
  expect(noticed).toMatchObject({
    operation: 'journal.mismatch',
    after: { journal: '4 entries are missing at the end: 2 of 6 were found' },
  });
  expect(others).toHaveLength(1);
  // A second cut is reported again; what is written after it hides neither.
  cut(1);
  await write(5);
  await console_.restart();
  await write(6);
  const after = await journal();
  expect(after.filter(({ operation }) => operation === 'journal.mismatch')).toHaveLength(2);
  const { ok, problems } = await console_.call('journal.verify', { connectionId });
  expect(ok).toBe(false);
  expect(problems.map(({ kind }) => kind)).toContain('truncated');
});

const journal = async () =>
  (await console_.call('journal.list', { connectionId, limit: 20 })).rows.map((row) => row);

it('a journal that was cut while the console was closed says so when it is opened', async () => {
  const target = { default: 'user' } as const;
  for (const sizeGb of [1, 2, 3])
    await console_.call('quotas.set', { connectionId, target, sizeGb });
  expect(await journal()).toHaveLength(3);
  await console_.core.close();
  cut(4);
  await console_.restart();

  // Nothing is written: it is opened and read.
  const [first, ...others] = await journal();
  expect(first).toMatchObject({
    operation: 'journal.mismatch',
    operator: 'Ostor Console',
    before: { journal: '6 entries were remembered' },
    after: { journal: '4 entries are missing at the end: 2 of 6 were found' },
  });
  expect(others).toHaveLength(1);
  const verified = await console_.call('journal.verify', { connectionId });
  expect(verified).toMatchObject({ ok: false });

  await console_.call('quotas.set', { connectionId, target, sizeGb: 4 });
  await console_.restart();
  const again = await journal();
  expect(again.filter(({ operation }) => operation === 'journal.mismatch')).toHaveLength(1);
  expect(await console_.call('journal.verify', { connectionId })).toMatchObject({ ok: false });
});
