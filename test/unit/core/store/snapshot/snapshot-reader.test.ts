import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { nextSnapshotPath, snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import { SnapshotReader } from '#core/store/snapshot/snapshot-reader.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const page = { offset: 0, limit: 10 };
let directory: string;
let reader: SnapshotReader;

/** Puts a snapshot where a refresh builds the next one. */
async function buildNext(names: string[]): Promise<void> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'ostor-next-'));
  const snapshot = await openSnapshot(elsewhere);
  const buckets = names.map((name) => listedBucket(name));
  await snapshot.refresh(feedOf([listedUser('aa', 'anna@example.com')], buckets));
  await snapshot.close();
  copyFileSync(snapshotPath(elsewhere), nextSnapshotPath(directory));
  rmSync(elsewhere, { recursive: true });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-reader-'));
  await buildNext(['old']);
  renameSync(nextSnapshotPath(directory), snapshotPath(directory));
  reader = new SnapshotReader(directory);
  reader.open();
});

afterEach(() => {
  reader.methods().close();
  rmSync(directory, { recursive: true });
});

describe('the exchange of a snapshot', () => {
  it('is prepared piece by piece while the old one is read', async () => {
    // More names than one piece holds.
    await buildNext(Array.from({ length: 66_000 }, (_, index) => `new-${index}`));
    const steps: number[] = [];
    for (let from: number | null = 1; from !== null; from = reader.prepare(from)) {
      steps.push(from);
      expect(reader.methods().buckets({ ...page, search: 'o' }).rows).toMatchObject([
        { name: 'old' },
      ]);
    }
    expect(steps).toEqual([1, 65_537, 66_001]);
    reader.replace();
    expect(reader.methods().buckets({ ...page, search: 'old' }).total).toBe(0);
    expect(reader.methods().buckets({ ...page, search: 'new-659' }).total).toBe(111);
  });

  it('begins again in a thread that was started in between, and is done without it too', async () => {
    await buildNext(['new-1', 'new-2']);
    expect(reader.prepare(3)).toBe(1);
    reader.replace();
    expect(reader.methods().buckets({ ...page, search: 'new' }).total).toBe(2);
  });

  it('that fails leaves the old one', () => {
    expect(() => reader.replace()).toThrow();
    expect(reader.methods().buckets({ ...page, search: 'old' }).total).toBe(1);
  });
});
