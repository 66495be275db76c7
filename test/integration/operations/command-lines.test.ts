import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operationNames } from '#shared/contract/operations.ts';
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
  const [user] = (await snapshot.listUsers({ offset: 0, limit: 1 })).rows;
  const { commands } = await bench.call('operations.preview', {
    operation: 'limits.set',
    input: { target: { user: user?.userId }, limits: { bandwidthOut: 100 } },
  });
  expect(commands.ostorS3Admin).toEqual([
    `ostor-s3-admin set-limits -e ${user?.email} -t bandwidth -L out=100`,
  ]);
});
