import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operationNames } from '#shared/contract/operations.ts';
import { s3CurlFunction, s3Environment } from '#shared/guide-lines.ts';
import { operationCases } from './operation-cases.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

const fixture = resolve(import.meta.dirname, '../../fixtures/s3-curl.sh');
const run = promisify(execFile);

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 3, buckets: 0 });
});
afterAll(() => bench.close());

it('the previewed lines of every operation, run by the guide’s s3_curl, do what the operation does', async () => {
  for (const { operation, input, done } of operationCases(bench)) {
    const { commands } = await bench.call('operations.preview', { operation, input });
    expect(done()).toBe(false);
    await run('bash', ['-c', `source ${fixture}; ${commands.s3Curl.join('; ')}`], {
      env: {
        ...process.env,
        S3_KEY: bench.simulator.accessKeyId,
        S3_SECRET: bench.simulator.secretKey,
        no_proxy: '127.0.0.1',
      },
    });
    expect([operation, done()]).toEqual([operation, true]);
  }
});

it('the previewed lines of ostor-s3-admin are those of the guide', async () => {
  const lines = new Map<string, string[]>();
  for (const { operation, input } of operationCases(bench)) {
    const { commands } = await bench.call('operations.preview', { operation, input });
    lines.set(operation, commands.ostorS3Admin);
  }
  expect([...lines.keys()].sort()).toEqual([...operationNames].sort());
  const id = '[0-9a-f]{16}';
  const volume = '-V VOLUME_ID';
  const email = String.raw`\S+@example\.com`;
  const expected: Record<string, string> = {
    'users.create': `create-user -e ${email} ${volume}`,
    'users.enable': `enable-user -i ${id} ${volume}`,
    'users.disable': `disable-user -i ${id} ${volume}`,
    'users.remove': `delete-user -i ${id} ${volume}`,
    'keys.generate': `gen-access-key -i ${id} ${volume}`,
    'keys.revoke': `revoke-access-key -i ${id} -k ${id}[A-Z0-9]{4} ${volume}`,
    'keys.rotate': `gen-access-key -i ${id} ${volume}`,
    'accounts.create': `create-account -n sync -e ${email} ${volume}`,
    'accounts.remove': `delete-account -n backup -i ${id} ${volume}`,
    'limits.set': `set-limits -e ${email} -t ops -L get=3600`,
    'limits.clear': `rm-limits -e ${email}`,
    'quotas.set': `set-quotas -i ${id} -q 512 ${volume}`,
    'quotas.clear': `rm-quotas -i ${id} ${volume}`,
  };
  for (const [operation, pattern] of Object.entries(expected)) {
    expect(lines.get(operation)).toEqual([
      expect.stringMatching(new RegExp(`^ostor-s3-admin ${pattern}$`)),
    ]);
  }
  expect(lines.get('buckets.remove')).toEqual([]);
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const [user] = (await snapshot.ask('users', { offset: 0, limit: 1 })).rows;
  const { commands } = await bench.call('operations.preview', {
    operation: 'limits.set',
    input: { target: { user: user?.userId }, limits: { bandwidthOut: 100 } },
  });
  expect(commands.ostorS3Admin).toEqual([
    `ostor-s3-admin set-limits -e ${user?.email} -t bandwidth -L out=100`,
  ]);
});

async function bash(script: string, { simulator } = bench): Promise<string> {
  const { stdout } = await run('bash', ['-c', script], {
    env: {
      ...process.env,
      S3_KEY: simulator.accessKeyId,
      S3_SECRET: simulator.secretKey,
      no_proxy: '127.0.0.1',
    },
  });
  return stdout;
}

it('scripts hold the guide’s s3_curl as it is, without a key', async () => {
  expect(await readFile(fixture, 'utf8')).toContain(s3CurlFunction);
});

it('the guide’s ~/.s3_environment makes the lines work as pasted', async () => {
  const { accessKeyId, secretKey, url } = bench.simulator;
  const environment = s3Environment(accessKeyId).replace('SECRET_KEY', secretKey);
  expect(await bash(`${environment}\ns3_curl GET "${url}/?ostor-users"`)).toContain('UserEmail');
});

it('the lines of ostor-s3-admin name the connection’s volume, and no account where a key is revoked', async () => {
  bench.change({ volumeId: '0100000000000002' });
  const { operation, input } = operationCases(bench).find(
    (each) => each.operation === 'accounts.remove',
  ) as ReturnType<typeof operationCases>[number];
  const preview = await bench.call('operations.preview', { operation, input });
  expect(preview.commands.ostorS3Admin[0]).toMatch(/ -V 0100000000000002$/);
  const { userId, accountName } = input as { userId: string; accountName: string };
  const gateway = await (await bench.clusters.get('lab')).gateway();
  const { user } = await gateway.findUser(userId);
  const accessKeyId = user?.accounts.find(({ name }) => name === accountName)?.accessKeyIds[0];
  const revoke = await bench.call('operations.preview', {
    operation: 'keys.revoke',
    input: { userId, accountName, accessKeyId },
  });
  expect(revoke.commands.ostorS3Admin[0]).not.toContain('-n');
  bench.change({ volumeId: undefined as never });
});

it('the lines that read what a page shows answer with it', async () => {
  // without the users of other tests: the keys of each take a process
  const own = await openOperationsBench({ users: 3, buckets: 0 });
  try {
    const snapshot = await (await own.clusters.get('lab')).snapshot();
    const [user] = (await snapshot.ask('users', { filter: { system: false }, offset: 0, limit: 1 }))
      .rows;
    const ofUser = await own.call('operations.readingCommands', {
      of: { user: user?.userId ?? '' },
    });
    expect(ofUser.s3Curl[0]).toContain(`?ostor-users&emailAddress=${user?.email}"`);
    expect(ofUser.ostorS3Admin[0]).toBe(
      `ostor-s3-admin query-user-info -e ${user?.email} -V VOLUME_ID`,
    );
    expect(await bash(ofUser.script, own)).toContain(user?.userId);
    const all = await own.call('operations.readingCommands', { of: { list: 'users' } });
    expect(all.ostorS3Admin).toEqual(['ostor-s3-admin query-users -V VOLUME_ID']);
    expect(await bash(all.script, own)).toContain(user?.userId);
    const bucket = await own.call('operations.readingCommands', { of: { bucket: 'a b' } });
    expect(bucket.s3Curl).toHaveLength(3);
    const keys = await own.call('operations.readingCommands', { of: { list: 'keys' } });
    const { total } = await snapshot.ask('users', { offset: 0, limit: 1 });
    expect(keys.s3Curl).toHaveLength(total);
    expect(await bash(keys.script, own)).toContain('AWSAccessKeyId');
  } finally {
    await own.close();
  }
});

it('the script of a run does what the run does', async () => {
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const { rows } = await snapshot.ask('users', { filter: { system: false }, offset: 0, limit: 2 });
  const { runId } = await bench.call('bulk.preview', {
    source: {
      from: 'users',
      userIds: rows.map(({ userId }) => userId),
      change: { change: 'setQuota', sizeGb: 77 },
    },
  });
  const file = await bench.call('bulk.script', { runId });
  expect(file).toMatchObject({ rows: 2, without: 0 });
  expect(file.content).toContain('# On a node: ostor-s3-admin set-quotas');
  await bash(file.content);
  for (const { userId, email } of rows) {
    const gateway = await (await bench.clusters.get('lab')).gateway();
    expect((await gateway.getQuota({ email, ofId: userId }))?.sizeGb).toBe(77n);
  }
});
