import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulators: [Simulator, Simulator];
let subject: TestConsole;
let connectionId: string;
let otherId: string;

beforeAll(async () => {
  simulators = await Promise.all([
    startSimulator({ users: 3 }),
    startSimulator({ users: 3, buckets: 2 }),
  ]);
  subject = await TestConsole.start();
  [connectionId, otherId] = (await Promise.all(
    simulators.map(async ({ url: endpoint, accessKeyId, secretKey }, index) => {
      const connection = { endpoint, accessKeyId, secretKey, environment: 'lab' } as const;
      return (await subject.call('connections.save', { ...connection, name: `C${index}` })).id;
    }),
  )) as [string, string];
});
afterAll(async () => {
  await subject.end();
  await Promise.all(simulators.map((simulator) => simulator.stop()));
});

const setQuota = (sizeGb: number) =>
  subject.call('quotas.set', { connectionId, target: { default: 'user' }, sizeGb });

/** Changes the archive's file behind the console's back. */
function tamper(sql: string): void {
  const path = join(subject.dataDir, 'connections', connectionId, 'archive.sqlite');
  const database = new DatabaseSync(path);
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  database.exec(sql);
  database.close();
}

it('an anchor holds as the journal grows, also the one in a bucket of another cluster', async () => {
  await setQuota(1);
  const file = await subject.call('journal.anchor', { connectionId });
  const owner = [...simulators[1].state.users.byId.values()].find(({ system }) => system);
  simulators[1].state.buckets.add({
    ...{ name: 'anchors', ownerId: String(owner?.id), epoch: 0, createdAt: Date.now() },
    ...{ currentBytes: 0n, peakBytes: 0n, byteIntegral: 0n, lastHour: 0 },
  });
  const to = { connectionId: otherId, bucket: 'anchors' };
  const stored = await subject.reply('journal.anchor', { connectionId, to });
  expect(simulators[1].log.entries.map(({ method }) => method)).toContain('PUT');
  expect(stored).toMatchObject({ ok: true });
  await setQuota(2);
  const { content } = file;
  expect(await subject.call('journal.checkAnchor', { connectionId, content })).toMatchObject({
    holds: true,
    entries: file.entries,
  });
  const { rows } = await subject.call('journal.list', { connectionId, offset: 0, limit: 50 });
  expect(rows.map(({ operation }) => operation)).toContain('journal.anchor');
  const other = await subject.call('journal.list', { connectionId: otherId, offset: 0, limit: 5 });
  expect(other.rows[0]).toMatchObject({ title: 'Store journal anchor' });
});

/** What the console itself said in the journal of a connection. */
async function mismatches(id: string): Promise<unknown[]> {
  const { rows } = await subject.call('journal.list', { connectionId: id, offset: 0, limit: 50 });
  return rows.filter(({ operation }) => operation === 'journal.mismatch');
}

it('refuses a bucket of the same cluster, and what is no anchor', async () => {
  const to = { connectionId, bucket: 'logs' };
  const invalid = { error: { code: 'INPUT_INVALID' } };
  expect(await subject.reply('journal.anchor', { connectionId, to })).toMatchObject(invalid);
  for (const content of ['{}', 'x']) {
    const checked = await subject.reply('journal.checkAnchor', { connectionId, content });
    expect(checked).toMatchObject({ error: { code: 'FILE_INVALID' } });
  }
});

it('refuses another journal’s anchor with whose it is, and records nothing', async () => {
  const { content } = await subject.call('journal.anchor', { connectionId });
  const anchor = JSON.parse(content) as { journal: string; operator: string };
  expect(anchor).toMatchObject({ version: 2, connectionId, seal: null });
  const elsewhere = await subject.reply('journal.checkAnchor', { connectionId: otherId, content });
  expect(elsewhere).toMatchObject({
    error: {
      code: 'ANCHOR_FOREIGN',
      message: expect.stringMatching(new RegExp(`${anchor.operator}.* of the journal of "C0"`)),
    },
  });
  // the same connection's, but of another computer: the connection's id alone does not tell them apart
  const copied = JSON.stringify({ ...anchor, journal: 'f'.repeat(32), hash: '0'.repeat(64) });
  expect(
    await subject.reply('journal.checkAnchor', { connectionId, content: copied }),
  ).toMatchObject({
    error: { code: 'ANCHOR_FOREIGN', message: expect.stringContaining('another journal of "C0"') },
  });
  expect(await mismatches(connectionId)).toEqual([]);
  expect(await mismatches(otherId)).toEqual([]);
});

it('still reads anchors of consoles before, which know the connection alone', async () => {
  const { content } = await subject.call('journal.anchor', { connectionId });
  const { journal: _identity, seal: _seal, ...facts } = JSON.parse(content);
  const before = JSON.stringify({ ...facts, version: 1 });
  const check = (id: string) =>
    subject.reply('journal.checkAnchor', { connectionId: id, content: before });
  expect(await check(connectionId)).toMatchObject({
    value: { holds: true, detail: expect.stringContaining('is not sealed') },
  });
  expect(await check(otherId)).toMatchObject({ error: { code: 'ANCHOR_FOREIGN' } });
});

it('an anchor outlives a backup and its restore', async () => {
  const { content } = await subject.call('journal.anchor', { connectionId });
  const { fileName } = await subject.call('archive.backup', { connectionId });
  await subject.call('archive.restore', { connectionId, fileName });
  expect(await subject.call('journal.checkAnchor', { connectionId, content })).toMatchObject({
    holds: true,
  });
});

it('a journal that was rewritten does not match, and says so for ever', async () => {
  await setQuota(3);
  const { content, entries } = await subject.call('journal.anchor', { connectionId });
  await setQuota(4);
  // a record that was anchored, changed
  tamper(
    `UPDATE journal_entry SET body = replace(body, '"3"', '"9"') WHERE sequence <= ${entries}`,
  );
  const check = () => subject.call('journal.checkAnchor', { connectionId, content });
  expect(await check()).toMatchObject({ holds: false, detail: expect.stringMatching(/changed/) });
  expect(await check()).toMatchObject({ holds: false });
  const { rows } = await subject.call('journal.list', { connectionId, offset: 0, limit: 50 });
  expect(rows.filter(({ operation }) => operation === 'journal.mismatch')).toHaveLength(1);
  expect(await subject.call('journal.verify', { connectionId })).toMatchObject({ ok: false });
});
