import type { OperationName } from '#core/changes/operations/catalogue/operation.ts';
import type { FaultMatch } from '#simulator/model/faults.ts';
import type { OperationsBench } from './operations-bench.ts';

/** One operation on its own target, and how its write request is recognised. */
export interface OperationCase {
  operation: OperationName;
  input: Record<string, unknown>;
  write: FaultMatch;
  /** Whether the gateway's state shows the change. */
  done(): boolean;
  /** The name to be typed on production. */
  typedName: string;
}

/** A user made for one case, straight in the simulator. */
interface CaseUser {
  userId: string;
  email: string;
  keys: string[];
}

let made = 0;

function makeUser(
  bench: OperationsBench,
  { keys = 1, enabled = true, account = false } = {},
): CaseUser {
  const { users } = bench.simulator.state;
  made += 1;
  const id = users.newId();
  const email = `case+${made}@example.com`;
  const held: string[] = [];
  for (let count = 0; count < keys; count += 1) held.push(users.newKey(id, held));
  const accounts = account ? [{ name: 'backup', keys: [users.newKey(id, held)] }] : [];
  users.put({ id, email, enabled, system: false, keys: held, accounts });
  return { userId: id, email, keys: held };
}

function makeBucket(bench: OperationsBench): string {
  made += 1;
  const name = `case-bucket-${made}`;
  const { buckets, systemUser } = bench.simulator.state;
  buckets.add({
    name,
    ownerId: systemUser.id,
    epoch: 0,
    createdAt: Date.now(),
    currentBytes: 0n,
    peakBytes: 0n,
    byteIntegral: 0n,
    lastHour: 0,
  });
  return name;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const byEmail = (method: string, { email }: CaseUser, more = ''): FaultMatch => ({
  method,
  query: new RegExp(`${escaped(encodeURIComponent(email))}${more}`),
});

/** A fresh case of every operation. */
export function operationCases(bench: OperationsBench): OperationCase[] {
  const { state } = bench.simulator;
  const user = (userId: string) => state.users.byId.get(userId);
  const keysOf = ({ userId }: CaseUser): readonly string[] => user(userId)?.keys ?? [];
  const targetOf = ({ userId }: CaseUser): string => `user:${userId}`;

  const enabled = makeUser(bench, { enabled: false });
  const disabled = makeUser(bench);
  const removed = makeUser(bench);
  const generated = makeUser(bench);
  const revoked = makeUser(bench, { keys: 2 });
  const rotated = makeUser(bench);
  const withoutAccount = makeUser(bench);
  const withAccount = makeUser(bench, { account: true });
  const limited = makeUser(bench);
  const cleared = makeUser(bench);
  const withQuota = makeUser(bench);
  const quotaGone = makeUser(bench);
  const bucket = makeBucket(bench);
  made += 1;
  const email = `created+${made}@example.com`;
  state.limits.set(targetOf(cleared), {
    'ops:default': 1,
    'ops:get': 2,
    'ops:put': 3,
    'ops:list': 4,
    'ops:delete': 5,
    'bandwidth:out': 6,
  });
  state.quotas.set(targetOf(quotaGone), 5n);
  const cases: OperationCase[] = [
    {
      operation: 'users.create',
      input: { email },
      write: { method: 'PUT', query: encodeURIComponent(email) },
      done: () => state.users.withEmail(email) !== undefined,
      typedName: email,
    },
    {
      operation: 'users.enable',
      input: { userId: enabled.userId },
      write: byEmail('POST', enabled),
      done: () => user(enabled.userId)?.enabled === true,
      typedName: enabled.email,
    },
    {
      operation: 'users.disable',
      input: { userId: disabled.userId },
      write: byEmail('POST', disabled),
      done: () => user(disabled.userId)?.enabled === false,
      typedName: disabled.email,
    },
    {
      operation: 'users.remove',
      input: { userId: removed.userId },
      write: byEmail('DELETE', removed),
      done: () => user(removed.userId) === undefined,
      typedName: removed.email,
    },
    {
      operation: 'keys.generate',
      input: { userId: generated.userId },
      write: byEmail('POST', generated),
      done: () => keysOf(generated).length === 2,
      typedName: generated.email,
    },
    {
      operation: 'keys.revoke',
      input: { userId: revoked.userId, accessKeyId: revoked.keys[0] ?? '' },
      write: byEmail('POST', revoked),
      done: () => !keysOf(revoked).includes(revoked.keys[0] ?? ''),
      typedName: revoked.email,
    },
    {
      operation: 'keys.rotate',
      input: { userId: rotated.userId },
      write: byEmail('POST', rotated),
      done: () => keysOf(rotated).length === 2,
      typedName: rotated.email,
    },
    {
      operation: 'accounts.create',
      input: { userId: withoutAccount.userId, accountName: 'sync' },
      write: byEmail('POST', withoutAccount),
      done: () => user(withoutAccount.userId)?.accounts.length === 1,
      typedName: `sync of ${withoutAccount.email}`,
    },
    {
      operation: 'accounts.remove',
      input: { userId: withAccount.userId, accountName: 'backup' },
      write: byEmail('DELETE', withAccount),
      done: () => user(withAccount.userId)?.accounts.length === 0,
      typedName: `backup of ${withAccount.email}`,
    },
    {
      operation: 'buckets.remove',
      input: { name: bucket },
      write: { method: 'DELETE', service: 's3', path: bucket },
      done: () => state.buckets.get(bucket) === undefined,
      typedName: bucket,
    },
    {
      operation: 'limits.set',
      input: { target: { user: limited.userId }, limits: { opsGet: 3600 } },
      write: byEmail('PUT', limited),
      done: () => state.limits.get(targetOf(limited)) !== undefined,
      typedName: limited.userId,
    },
    {
      operation: 'limits.clear',
      input: { target: { user: cleared.userId } },
      write: byEmail('DELETE', cleared),
      done: () => state.limits.get(targetOf(cleared)) === undefined,
      typedName: cleared.userId,
    },
    {
      operation: 'quotas.set',
      input: { target: { user: withQuota.userId }, sizeGb: 512 },
      write: byEmail('PUT', withQuota),
      done: () => state.quotas.get(targetOf(withQuota)) === 512n,
      typedName: withQuota.userId,
    },
    {
      operation: 'quotas.clear',
      input: { target: { user: quotaGone.userId } },
      write: byEmail('DELETE', quotaGone),
      done: () => state.quotas.get(targetOf(quotaGone)) === undefined,
      typedName: quotaGone.userId,
    },
  ];
  return cases;
}

/** How often the writing request of a case reached the gateway. */
export function timesSent(bench: OperationsBench, { write }: OperationCase): number {
  const found = (pattern: string | RegExp | undefined, text: string): boolean =>
    pattern === undefined ||
    (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));
  return bench.simulator.log.entries.filter(
    (entry) =>
      entry.method === write.method &&
      found(write.query, entry.query) &&
      found(write.path, entry.path) &&
      (write.service === undefined || entry.service === write.service),
  ).length;
}
