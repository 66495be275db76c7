import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { writePlan } from '#core/changes/plans/plan-file.ts';
import { customersPart } from '#core/customers/store/user-figures.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { feedOf, listedBucket, listedUser } from './gateway-lists.ts';

export type PackedFiles = Record<string, Buffer | string>;

const plan = writePlan({
  ...{ name: 'Night', note: null, createdAt: '2026-11-26T20:00:00.000Z', createdBy: 'anna' },
  ...{ endpoint: 'https://10.0.0.7', connectionName: 'Rack 7', snapshotAsOf: null, reverses: null },
  changes: [
    {
      operation: 'quotas.set',
      input: { target: { user: 'aa' }, sizeGb: '5' },
      target: { kind: 'user', id: 'aa', name: 'anna@example.com' },
      ...{ before: null, after: { quota: '5' } },
    },
  ],
});

const cluster = {
  ...{ format: 'ostor-console-cluster', version: 1, plans: ['plans/1.ostorplan'] },
  connection: {
    ...{ name: 'Rack 7', endpoint: 'https://10.0.0.7', accessKeyId: 'aa01', environment: 'lab' },
  },
  origin: { operator: 'anna', computer: 'desk-7', packedAt: '2026-11-26T21:00:00.000Z' },
};

/** A zip of files by their names. */
export async function zipOf(files: PackedFiles): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** The part of a field pack that another console opens: two users, a bucket and a plan; made in a folder. */
export async function packedCluster(folder: string): Promise<PackedFiles> {
  const snapshot = await openSnapshot(folder);
  const users = [listedUser('aa', 'anna@example.com'), listedUser('bb', 'bela@example.com')];
  await snapshot.refresh(feedOf(users, [listedBucket('logs', { owner_id: 'aa' })]));
  await snapshot.change('saveFigures', {
    of: 'customers',
    parts: [
      customersPart([
        { userId: 'aa', customers: [{ customerId: 'c1', name: 'Example Ltd' }], plan: null },
      ]),
    ],
    facts: {},
  });
  const copy = join(folder, 'copy.sqlite');
  await snapshot.change('copyInto', copy);
  await snapshot.close();
  return {
    'cluster.json': JSON.stringify(cluster),
    'plans/1.ostorplan': plan,
    'seen/snapshot.sqlite': readFileSync(copy),
  };
}
