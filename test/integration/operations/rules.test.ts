import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { foundUnder } from '#test/fakes/files-under.ts';
import { type OperationsBench, openOperationsBench, profile } from './operations-bench.ts';

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 10, buckets: 20, duplicateEmails: 1 });
});
afterEach(() => {
  bench.simulator.faults.clear();
  bench.simulator.log.clear();
});
afterAll(() => bench.close());

async function newUser(email: string): Promise<{ userId: string; accessKeyId: string }> {
  const { userId, key } = await bench.call('users.create', { email });
  return { userId, accessKeyId: key?.accessKeyId ?? '' };
}

async function owner(): Promise<{ userId: string; email: string }> {
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const filter = { buckets: 'some', system: false } as const;
  const sort = { by: 'currentBytes', descending: true } as const;
  const { rows } = await snapshot.ask('users', { filter, sort, offset: 0, limit: 100 });
  const { store } = await sharing();
  const user = rows.find(({ email }) => !store.includes(email));
  if (!user) throw new Error('No user of the simulator owns a bucket.');
  return user;
}

const secretOf = (accessKeyId: string): string => bench.simulator.state.users.secretOf(accessKeyId);

/** An empty or full bucket, straight in the simulator. */
function bucket(name: string, currentBytes: bigint, ownerId: string): void {
  bench.simulator.state.buckets.add({
    name,
    ownerId,
    epoch: 0,
    createdAt: Date.now(),
    currentBytes,
    peakBytes: currentBytes,
    byteIntegral: 0n,
    lastHour: 0,
  });
}

describe('users', () => {
  it('has the creation of a user in that user’s history, and in nobody else’s', async () => {
    const { userId } = await bench.call('users.create', { email: 'history@example.com' });
    const { userId: other } = await bench.call('users.create', { email: 'other@example.com' });
    const historyOf = (targetId: string) =>
      bench.call('journal.list', { filter: { targetId }, offset: 0, limit: 10 });
    const history = await historyOf(userId);
    expect(history.rows).toMatchObject([
      {
        operation: 'users.create',
        target: { kind: 'user', id: userId, name: 'history@example.com' },
        result: 'verified',
      },
    ]);
    expect(history.total).toBe(1);
    const journal = (search: string, only?: string) =>
      bench.call('journal.list', { search, only, offset: 0, limit: 10 });
    expect(await journal('history@example.com', history.rows[0]?.journalId)).toEqual(history);
    const journalId = history.rows[0]?.journalId;
    expect((await journal('other@example.com', journalId)).total).toBe(0);
    expect((await historyOf(other)).rows).toMatchObject([{ target: { id: other } }]);
  });

  it('are created with a pair whose secret is shown once and written nowhere', async () => {
    const { key, state, keys } = await bench.call('users.create', { email: 'new+1@example.com' });
    expect(state).toBe('enabled');
    expect(keys).toEqual([{ accessKeyId: key?.accessKeyId }]);
    expect(key?.secretAccessKey).toBe(secretOf(key?.accessKeyId ?? ''));
    const exported = await bench.call('journal.export', { format: 'json' });
    expect(exported.content).toContain('new+1@example.com');
    expect(exported.content).not.toContain(key?.secretAccessKey);
  });

  it('are not created where the e-mail is taken', async () => {
    const { userId } = await newUser('taken@example.com');
    const error = await bench.failure('users.create', { email: 'taken@example.com' });
    expect(error).toMatchObject({ code: 'ALREADY_EXISTS', details: { userId } });
    expect(bench.simulator.log.entries.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('are found after a time-out, with their secret, and not created again', async () => {
    bench.simulator.faults.add({ kind: 'reset-after', match: { method: 'PUT' } });
    const { key, verified } = await bench.call('users.create', { email: 'late@example.com' });
    expect(verified).toBe(true);
    expect(key?.secretAccessKey).toBe(secretOf(key?.accessKeyId ?? ''));
    expect(bench.simulator.log.acted('user.created')).toHaveLength(1);
  });

  it('are not removed while they own buckets, and the buckets are named', async () => {
    const { userId } = await owner();
    const error = await bench.failure('users.remove', { userId });
    expect(error.code).toBe('USER_OWNS_BUCKETS');
    const { buckets, count } = error.details as { buckets: { name: string }[]; count: number };
    expect(count).toBe(bench.simulator.state.buckets.countOwnedBy(userId));
    expect(buckets).toHaveLength(count);
    expect(bench.simulator.log.entries.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('who share an e-mail are not changed by a request that can only name the e-mail', async () => {
    const { store, userIds } = await sharing();
    expect(store).toHaveLength(1);
    for (const userId of userIds) {
      const input = { userId };
      expect((await bench.failure('users.disable', input)).code).toBe('TARGET_AMBIGUOUS');
      expect((await bench.failure('keys.generate', input)).code).toBe('TARGET_AMBIGUOUS');
      const quota = { target: { user: userId }, sizeGb: 9 };
      if (profile === 'guide') {
        const { code, hint } = await bench.failure('quotas.set', quota);
        expect([code, hint]).toEqual(['TARGET_AMBIGUOUS', expect.stringContaining(`-i ${userId}`)]);
      } else {
        const set = await bench.call('quotas.set', quota);
        expect(set).toMatchObject({ verified: true, sizeGb: 9 });
      }
    }
    expect(bench.simulator.log.entries.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('that the console signs in as are neither disabled, removed nor stripped of keys', async () => {
    const { accessKeyId } = bench.simulator;
    const userId = accessKeyId.slice(0, 16);
    const codes = [
      (await bench.failure('users.disable', { userId })).code,
      (await bench.failure('users.remove', { userId })).code,
      (await bench.failure('keys.revoke', { userId, accessKeyId })).code,
      (await bench.failure('keys.rotate', { userId, giveUp: accessKeyId })).code,
    ];
    expect(codes).toEqual(Array(4).fill('SELF_LOCKOUT_REFUSED'));
    expect(bench.simulator.log.acted()).toHaveLength(0);
  });

  it('changed by somebody else since the preview are left alone', async () => {
    const { userId } = await newUser('contended@example.com');
    const { fingerprint } = await bench.call('operations.preview', {
      operation: 'users.disable',
      input: { userId },
    });
    const { users } = bench.simulator.state;
    const user = users.byId.get(userId);
    if (!user) throw new Error('The user is there.');
    users.put({ ...user, enabled: false });
    const error = await bench.failure('users.disable', { userId, expected: fingerprint });
    expect(error.code).toBe('TARGET_CHANGED');
    expect(error.details?.differences).toEqual([
      { field: 'state', label: 'State', expected: 'enabled', found: 'disabled' },
    ]);
    const again = await bench.call('users.disable', { userId });
    expect(again).toMatchObject({ sent: false, verified: true, state: 'disabled' });
  });
});

async function sharing(): Promise<{ store: string[]; userIds: string[] }> {
  const { users } = bench.simulator.state;
  const all = [...users.byId.values()];
  const byEmail = Map.groupBy(all, ({ email }) => email);
  const shared = [...byEmail].filter(([, group]) => group.length > 1);
  return {
    store: shared.map(([email]) => email),
    userIds: shared.flatMap(([, group]) => group.map(({ id }) => id)),
  };
}

describe('keys', () => {
  it('are two at most: the third is refused before it is sent', async () => {
    const { userId } = await newUser('keys@example.com');
    const second = await bench.call('keys.generate', { userId });
    expect(second.secretAccessKey).toBe(secretOf(second.accessKeyId));
    bench.simulator.log.clear();
    const error = await bench.failure('keys.generate', { userId });
    expect(error.code).toBe('KEY_LIMIT_REACHED');
    expect(error.details?.accessKeyIds).toHaveLength(2);
    expect(bench.simulator.log.entries.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('are distinguished from the old ones where the gateway answers with every pair', async () => {
    bench.simulator.variants.generatedKeys = 'all';
    const { userId, accessKeyId } = await newUser('pairs@example.com');
    const made = await bench.call('keys.generate', { userId });
    expect(made.accessKeyId).not.toBe(accessKeyId);
    expect(made.secretAccessKey).toBe(secretOf(made.accessKeyId));
    bench.simulator.variants.generatedKeys = 'new';
  });

  it('rotate: the new pair first, the old one revoked once it is in use', async () => {
    const { userId, accessKeyId } = await newUser('rotate@example.com');
    const fresh = await bench.call('keys.rotate', { userId, accessKeyId });
    expect(fresh.oldAccessKeyIds).toEqual([accessKeyId]);
    expect(bench.simulator.state.users.byId.get(userId)?.keys).toContain(accessKeyId);
    await bench.call('keys.revoke', { userId, accessKeyId });
    expect(bench.simulator.state.users.byId.get(userId)?.keys).toEqual([fresh.accessKeyId]);
  });

  it('rotate with both slots taken only where one is given up', async () => {
    const { userId, accessKeyId } = await newUser('full@example.com');
    const second = await bench.call('keys.generate', { userId });
    const error = await bench.failure('keys.rotate', { userId });
    expect(error.code).toBe('KEY_LIMIT_REACHED');
    expect(error.details?.accessKeyIds).toEqual([accessKeyId, second.accessKeyId]);
    const third = await bench.call('keys.rotate', { userId, giveUp: accessKeyId });
    expect(third.oldAccessKeyIds).toEqual([second.accessKeyId]);
    expect(bench.simulator.state.users.byId.get(userId)?.keys).toEqual([
      second.accessKeyId,
      third.accessKeyId,
    ]);
  });

  it('given up before a refusal are reported as a part that was done', async () => {
    const { userId, accessKeyId } = await newUser('part@example.com');
    await bench.call('keys.generate', { userId });
    bench.simulator.faults.add({ kind: 'status', status: 400, match: { query: 'genKey' } });
    const error = await bench.failure('keys.rotate', { userId, giveUp: accessKeyId });
    expect(error.code).toBe('REQUEST_REFUSED');
    expect(error.details?.partDone).toMatchObject([{ field: 'keys' }]);
  });

  it('of an account are its own', async () => {
    const { userId } = await newUser('account@example.com');
    const { key } = await bench.call('accounts.create', { userId, accountName: 'back up' });
    expect(key?.secretAccessKey).toBe(secretOf(key?.accessKeyId ?? ''));
    const second = await bench.call('keys.generate', { userId, accountName: 'back up' });
    const third = await bench.failure('keys.generate', { userId, accountName: 'back up' });
    expect(third.code).toBe('KEY_LIMIT_REACHED');
    await bench.call('keys.revoke', {
      userId,
      accountName: 'back up',
      accessKeyId: second.accessKeyId,
    });
    const again = await bench.failure('accounts.create', { userId, accountName: 'back up' });
    expect(again.code).toBe('ALREADY_EXISTS');
    await bench.call('accounts.remove', { userId, accountName: 'back up' });
    expect(bench.simulator.state.users.byId.get(userId)?.accounts).toEqual([]);
  });

  it('reveal their secret on demand, and that it was shown is on record', async () => {
    const { userId, accessKeyId } = await newUser('reveal@example.com');
    const reported: string[] = [];
    const end = bench.events.subscribe(({ name, payload }) => {
      if (name === 'data.changed') reported.push(...(payload as { topics: string[] }).topics);
    });
    const { secretAccessKey } = await bench.call('keys.reveal', { userId, accessKeyId });
    end();
    expect(secretAccessKey).toBe(secretOf(accessKeyId));
    expect(reported).toEqual(['journal']);
    const { rows } = await bench.call('journal.list', { limit: 1 });
    expect(rows[0]).toMatchObject({
      operation: 'keys.reveal',
      result: 'done',
      before: { secret: 'hidden' },
      after: { keys: accessKeyId, secret: 'shown to the operator' },
    });
    expect(JSON.stringify(rows)).not.toContain(secretAccessKey);
    const again = { journalId: rows[0]?.journalId ?? '' };
    expect((await bench.failure('operations.recheck', again)).code).toBe('INPUT_INVALID');
  });
});

describe('buckets', () => {
  it('that hold something are refused with their size and never emptied', async () => {
    bucket('full', 5_000_000n, (await owner()).userId);
    const error = await bench.failure('buckets.remove', { name: 'full' });
    expect(error).toMatchObject({ code: 'BUCKET_NOT_EMPTY', details: { currentBytes: 5_000_000 } });
    expect(error.message).toContain('4.77 MiB');
    expect(bench.simulator.log.entries.some(({ method }) => method === 'DELETE')).toBe(false);
    const asked = await bench.failure('buckets.remove', { name: 'full', sizeIsOld: true });
    expect(asked).toMatchObject({ code: 'BUCKET_NOT_EMPTY', details: { currentBytes: 5_000_000 } });
    expect(bench.simulator.state.buckets.get('full')).toBeDefined();
  });

  it('that only the owner may remove are removed as the owner, if that is asked for', async () => {
    const { userId } = await newUser('owner@example.com');
    bucket('owned', 0n, userId);
    bench.simulator.variants.systemUserDeletesBuckets = false;
    const error = await bench.failure('buckets.remove', { name: 'owned' });
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', details: { asOwner: true } });
    const input = { name: 'owned', asOwner: true };
    const preview = await bench.call('operations.preview', { operation: 'buckets.remove', input });
    expect(preview.commands.s3Curl).toEqual([
      `s3_key=OWNER_ACCESS_KEY_ID s3_secret=OWNER_SECRET_KEY s3_curl DELETE "${bench.simulator.url}/owned"`,
    ]);
    bench.simulator.log.clear();
    const removed = await bench.call('buckets.remove', input);
    expect(removed.verified).toBe(true);
    expect(
      bench.simulator.log.entries.map(
        ({ method, path, query }) =>
          `${method} ${bench.simulator.url}${path}${query === '' ? '' : `?${query}`}`,
      ),
    ).toEqual(preview.requests.map(({ method, url }) => `${method} ${url}`));
    const [request] = bench.simulator.log.acted('bucket.removed');
    expect(request?.accessKeyId?.startsWith(userId)).toBe(true);
    bench.simulator.variants.systemUserDeletesBuckets = true;
  });
});

describe('limits', () => {
  it('tell not set, unlimited and a value apart', async () => {
    const { userId } = await newUser('limits@example.com');
    const target = { user: userId };
    expect(await bench.call('limits.get', { target })).toMatchObject({ set: false, limits: {} });
    const set = await bench.call('limits.set', { target, limits: { opsGet: 3.33, opsPut: 0 } });
    expect(set).toMatchObject({ set: true, limits: { opsGet: 3.33, opsPut: 0, opsList: 0 } });
    expect(bench.simulator.log.acted().filter(({ method }) => method === 'PUT')).toHaveLength(3);
    const cleared = await bench.call('limits.clear', { target });
    expect(cleared).toMatchObject({ set: false, limits: {}, verified: true });
  });

  it('send one request a resource, and only for what differs', async () => {
    const { userId } = await newUser('few@example.com');
    const target = { user: userId };
    await bench.call('limits.set', { target, limits: { opsGet: 5 } });
    bench.simulator.log.clear();
    await bench.call('limits.set', { target, limits: { opsGet: 5, opsList: 7, bandwidthOut: 8 } });
    const writes = bench.simulator.log.entries.filter(({ method }) => method === 'PUT');
    expect(writes.map(({ query }) => query)).toEqual([
      'ostor-limits&emailAddress=few%40example.com&limit-type=ops&limit-resource=list&limit-value=7',
      'ostor-limits&emailAddress=few%40example.com&limit-type=bandwidth&limit-resource=out&limit-value=8',
    ]);
  });

  it('of a gateway that resets the neighbours end with an error that shows all of them', async () => {
    const { userId } = await newUser('siblings@example.com');
    const target = { user: userId };
    await bench.call('limits.set', { target, limits: { opsGet: 5 } });
    bench.simulator.variants.limitPutResetsSiblings = true;
    const error = await bench.failure('limits.set', { target, limits: { opsPut: 9 } });
    bench.simulator.variants.limitPutResetsSiblings = false;
    expect(error.code).toBe('WRITE_NOT_CONFIRMED');
    expect(error.details?.differences).toEqual([
      { field: 'opsGet', label: 'Get operations', expected: '5', found: '0' },
    ]);
  });

  it('of a gateway that knows only the older syntax are an error and no silent fallback', async () => {
    const { userId } = await newUser('old@example.com');
    bench.simulator.variants.limitSyntax = 'old';
    const input = { target: { user: userId }, limits: { opsGet: 60 } };
    const error = await bench.failure('limits.set', input);
    bench.simulator.variants.limitSyntax = 'both';
    expect(error.code).toBe('REQUEST_REFUSED');
    expect(bench.simulator.log.entries.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });
});

describe('quotas', () => {
  it('tell not set, unlimited and a value apart, and send gigabytes as given', async () => {
    const { userId } = await newUser('quota@example.com');
    const target = { user: userId };
    expect(await bench.call('quotas.get', { target })).toMatchObject({ set: false, sizeGb: null });
    expect(await bench.call('quotas.set', { target, sizeGb: 0 })).toMatchObject({
      set: true,
      sizeGb: 0,
      sent: true,
    });
    await bench.call('quotas.set', { target, sizeGb: '1024' });
    expect(bench.simulator.log.entries.at(-2)?.query).toBe(
      'ostor-quotas&emailAddress=quota%40example.com&quota-size=1024',
    );
    expect(await bench.call('quotas.clear', { target })).toMatchObject({ set: false });
  });

  it.each(['user', 'bucket'] as const)('have a default of every %s', async (kind) => {
    const target = { default: kind };
    await bench.call('quotas.set', { target, sizeGb: 333 });
    expect(bench.simulator.state.quotas.get(`default:${kind}`)).toBe(333n);
    expect(await bench.call('quotas.get', { target })).toMatchObject({ set: true, sizeGb: 333 });
    await bench.call('quotas.clear', { target });
    expect(await bench.call('quotas.get', { target })).toMatchObject({ set: false });
  });

  it('below what is stored already are warned of', async () => {
    const { userId } = await owner();
    const { warnings } = await bench.call('operations.preview', {
      operation: 'quotas.set',
      input: { target: { user: userId }, sizeGb: 1 },
    });
    expect(warnings).toEqual([expect.stringContaining('more than the new quota')]);
  });
});

it('no file of the connection ever holds a secret', async () => {
  await bench.call('users.create', { email: 'last@example.com' });
  const { users } = bench.simulator.state;
  const secrets = [...users.byId.values()].flatMap((user) =>
    [...user.keys, ...user.accounts.flatMap(({ keys }) => keys)].map(secretOf),
  );
  expect(secrets.length).toBeGreaterThan(20);
  expect(foundUnder(bench.directory, secrets)).toEqual([]);
});
