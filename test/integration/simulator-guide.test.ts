import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';

const fixture = resolve(import.meta.dirname, '../fixtures/s3-curl.sh');
const run = promisify(execFile);

/** The guide's shell function against a simulator whose data is the guide's. */
describe("the guide's s3_curl", () => {
  let simulator: Simulator;
  let folder: string;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 1, buckets: 0, usage: 7 });
    folder = mkdtempSync(join(tmpdir(), 's3-curl-'));
    // curl reads this file on its own: the status comes on its own line after the body.
    writeFileSync(join(folder, '.curlrc'), 'silent\nwrite-out = "\\n%{http_code}"\n');
  });

  afterAll(async () => {
    await simulator.stop();
    rmSync(folder, { recursive: true });
  });

  async function s3Curl(
    method: string,
    query: string,
    { script = fixture, bodyFile = '' } = {},
  ): Promise<{ status: number; text: string; json: unknown }> {
    const { stdout } = await run(
      'bash',
      ['-c', 'source "$1"; shift; s3_curl "$@"', 'bash', script, method].concat(
        `${simulator.url}/${query}`,
        bodyFile === '' ? [] : [bodyFile],
      ),
      {
        env: {
          ...process.env,
          CURL_HOME: folder,
          S3_KEY: simulator.accessKeyId,
          S3_SECRET: simulator.secretKey,
          no_proxy: '127.0.0.1',
        },
      },
    );
    const end = stdout.lastIndexOf('\n');
    const text = stdout.slice(0, end);
    const isJson = /^[[{]/.test(text);
    return { status: Number(stdout.slice(end + 1)), text, json: isJson ? JSON.parse(text) : null };
  }

  const pair = {
    AWSAccessKeyId: expect.stringMatching(/^[0-9a-f]{16}[A-Z0-9]{4}$/),
    AWSSecretAccessKey: expect.stringMatching(/^\S{40}$/),
  };
  const email = 'emailAddress=user@example.com';

  it('is refused in the two-newline form that the converted guide shows', async () => {
    const printed = join(folder, 'printed.sh');
    writeFileSync(printed, readFileSync(fixture, 'utf8').replace('\\n\\n\\n', '\\n\\n'));
    const answer = await s3Curl('GET', '?ostor-users', { script: printed });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  it('creates a user', async () => {
    const answer = await s3Curl('PUT', `?ostor-users&${email}`);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      UserEmail: 'user@example.com',
      UserId: expect.stringMatching(/^[0-9a-f]{16}$/),
      AWSAccessKeys: [pair],
    });
  });

  it('lists users', async () => {
    const { status, json } = await s3Curl('GET', '?ostor-users');
    expect(status).toBe(200);
    const common = { State: 'enabled', OwnerId: '0000000000000000' };
    expect(json).toEqual([
      {
        UserEmail: 'console@operations.example',
        UserId: simulator.accessKeyId.slice(0, 16),
        ...common,
      },
      { UserEmail: 'user@example.com', UserId: expect.any(String), ...common },
    ]);
  });

  it('creates accounts, with and without keys, and queries the user', async () => {
    for (const name of ['account1', 'account2', 'account3']) {
      const { status, json } = await s3Curl('POST', `?ostor-accounts&${email}&accountName=${name}`);
      expect(status).toBe(200);
      expect(json).toEqual({ Name: name, AWSAccessKeys: [pair] });
    }
    const second = await s3Curl('POST', `?ostor-users&${email}&accountName=account2&genKey`);
    expect(second.json).toEqual({
      UserEmail: 'user@example.com',
      UserId: expect.any(String),
      AWSAccessKeys: [pair],
    });
    const key = (await accountKeys('account3'))[0];
    const revoked = await s3Curl(
      'POST',
      `?ostor-users&${email}&accountName=account3&revokeKey=${key}`,
    );
    expect(revoked).toEqual({ status: 200, text: '', json: null });
    const user = await s3Curl('GET', `?ostor-users&${email}`);
    expect(user.json).toEqual({
      UserEmail: 'user@example.com',
      UserId: expect.stringMatching(/^[0-9a-f]{16}$/),
      State: 'enabled',
      OwnerId: '0000000000000000',
      Flags: [],
      AWSAccessKeys: [pair],
      AccountCount: '3',
      Accounts: [
        { Name: 'account1', AWSAccessKeys: [pair] },
        { Name: 'account2', AWSAccessKeys: [pair, pair] },
        { Name: 'account3', AWSAccessKeys: [] },
      ],
    });
  });

  async function accountKeys(name: string): Promise<readonly string[]> {
    const user = simulator.state.users.withEmail('user@example.com');
    return user?.accounts.find((account) => account.name === name)?.keys ?? [];
  }

  it('removes an account', async () => {
    const answer = await s3Curl('DELETE', `?ostor-accounts&${email}&accountName=account1`);
    expect(answer.status).toBe(204);
    const { json } = await s3Curl('GET', `?ostor-users&${email}`);
    expect(json).toMatchObject({ AccountCount: '2' });
  });

  it('disables and enables a user', async () => {
    expect((await s3Curl('POST', `?ostor-users&${email}&disable`)).status).toBe(200);
    expect((await s3Curl('GET', `?ostor-users&${email}`)).json).toMatchObject({
      State: 'disabled',
    });
    expect((await s3Curl('POST', `?ostor-users&${email}&enable`)).status).toBe(200);
    expect((await s3Curl('GET', `?ostor-users&${email}`)).json).toMatchObject({ State: 'enabled' });
  });

  it('generates a second key, is refused a third, and revokes the second', async () => {
    const { json } = await s3Curl('POST', `?ostor-users&${email}&genKey`);
    expect(json).toMatchObject({ AWSAccessKeys: [pair] });
    const third = await s3Curl('POST', `?ostor-users&${email}&genKey`);
    expect(third.status).toBe(409);
    const key = (json as { AWSAccessKeys: { AWSAccessKeyId: string }[] }).AWSAccessKeys[0];
    const query = `?ostor-users&${email}&revokeKey=${key?.AWSAccessKeyId}`;
    expect(await s3Curl('POST', query)).toEqual({ status: 200, text: '', json: null });
    expect(simulator.state.users.withEmail('user@example.com')?.keys).toHaveLength(1);
  });

  it('lists buckets: all, of a user, several and one', async () => {
    const owner = simulator.state.users.withEmail('user@example.com')?.id ?? '';
    const sizes = { currentBytes: 46700160n, peakBytes: 46700160n, byteIntegral: 28160196480n };
    for (const name of ['bucket1', 'bucket2', 'bucket3']) {
      simulator.state.buckets.add({
        name,
        ownerId: name === 'bucket3' ? simulator.accessKeyId.slice(0, 16) : owner,
        epoch: 0,
        createdAt: Date.UTC(2018, 4, 25, 13, 51, 55),
        lastHour: 424237,
        ...sizes,
      });
    }
    const bucket = (name: string, ownerId = owner) => ({
      size: { current: 46700160, h_integral: 28160196480, hmax: 46700160, last_ts: 424237 },
      epoch: 0,
      owner_id: ownerId,
      name,
      creation_date: '2018-05-25T13:51:55.000Z',
    });
    const third = bucket('bucket3', simulator.accessKeyId.slice(0, 16));
    const all = { Buckets: [bucket('bucket1'), bucket('bucket2'), third] };
    expect((await s3Curl('GET', '?ostor-buckets')).json).toEqual(all);
    expect((await s3Curl('GET', `?ostor-buckets&${email}`)).json).toEqual({
      Buckets: [bucket('bucket1'), bucket('bucket2')],
    });
    const bodyFile = join(folder, 'buckets.json');
    writeFileSync(bodyFile, '["bucket2", "bucket3"]\n');
    expect((await s3Curl('GET', '?ostor-buckets&multi', { bodyFile })).json).toEqual({
      Buckets: [bucket('bucket2'), third],
    });
    expect((await s3Curl('GET', '?ostor-buckets&bucket=bucket1')).json).toEqual({
      Buckets: [bucket('bucket1')],
    });
  });

  it.each([email, 'bucket=bucket1'])('sets, queries and removes limits of %s', async (target) => {
    const ops = `?ostor-limits&${target}&limit-type=ops&limit-resource=get&limit-value=3600`;
    expect(await s3Curl('PUT', ops)).toEqual({ status: 200, text: '', json: null });
    const out = `?ostor-limits&${target}&limit-type=bandwidth&limit-resource=out&limit-value=100`;
    expect((await s3Curl('PUT', out)).status).toBe(200);
    expect((await s3Curl('GET', `?ostor-limits&${target}`)).json).toEqual({
      'ops:default': '0.00',
      'ops:get': '3600.00',
      'ops:put': '0.00',
      'ops:list': '0.00',
      'ops:delete': '0.00',
      'bandwidth:out': '100',
    });
    expect((await s3Curl('DELETE', `?ostor-limits&${target}`)).status).toBe(204);
    expect((await s3Curl('GET', `?ostor-limits&${target}`)).status).toBe(404);
  });

  it.each([
    [email, '1024', 'user'],
    ['bucket=bucket1', '256', 'bucket'],
    ['default=user', '1024', 'user'],
    ['default=bucket', '256', 'bucket'],
  ])('sets, queries and removes the quota of %s', async (target, size, type) => {
    const query = `?ostor-quotas&${target}`;
    expect(await s3Curl('PUT', `${query}&quota-size=${size}`)).toEqual({
      status: 200,
      text: '',
      json: null,
    });
    expect((await s3Curl('GET', query)).json).toEqual({ version: '1', type, size });
    expect((await s3Curl('DELETE', query)).status).toBe(204);
    expect((await s3Curl('GET', query)).status).toBe(404);
  });

  it('lists, queries and removes statistics objects', async () => {
    const list = await s3Curl('GET', '?ostor-usage');
    const items = [...simulator.state.usage.names()];
    expect(list.json).toEqual({ nr_items: 7, truncated: false, items });
    const name = items[0] ?? '';
    expect(name).toMatch(/^s3-usage-8000000000000065-\d{4}-\d\d-\d\dT[\d:]{8}\.000Z-1800$/);
    simulator.state.usage.settle();
    const object = await s3Curl('GET', `?ostor-usage&obj=${name}`);
    expect(object.json).toMatchObject({
      fmt_version: 1,
      service_id: 8000000000000065,
      start_ts: Date.parse(name.slice(26, 50)) / 1000,
      nr_items: expect.any(Number),
    });
    const [first] = (object.json as { items: unknown[] }).items;
    expect(first).toEqual({
      key: { bucket: '', epoch: 0, user_id: expect.any(String), tag: '' },
      counters: {
        ops: {
          put: expect.any(Number),
          get: expect.any(Number),
          list: expect.any(Number),
          other: expect.any(Number),
        },
        net_io: { uploaded: expect.any(Number), downloaded: expect.any(Number) },
      },
    });
    expect((await s3Curl('DELETE', `?ostor-usage&obj=${name}`)).status).toBe(204);
    expect((await s3Curl('GET', '?ostor-usage')).json).toMatchObject({ nr_items: 6 });
  });

  it('removes a user only after the buckets, and a bucket only when it is empty', async () => {
    expect((await s3Curl('DELETE', `?ostor-users&${email}`)).status).toBe(409);
    const full = await s3Curl('DELETE', 'bucket1');
    expect(full.status).toBe(409);
    expect(full.text).toContain('<Code>BucketNotEmpty</Code>');
    for (const name of ['bucket1', 'bucket2']) {
      simulator.state.buckets.resize(name, 0n, 424238);
      expect((await s3Curl('DELETE', name)).status).toBe(204);
    }
    expect((await s3Curl('DELETE', `?ostor-users&${email}`)).status).toBe(204);
    expect((await s3Curl('GET', `?ostor-users&${email}`)).status).toBe(404);
    expect(simulator.log.acted('user.removed')).toHaveLength(1);
  });
});
