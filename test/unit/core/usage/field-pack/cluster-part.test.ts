import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { addCluster, mostUnpacked } from '#core/usage/field-pack/cluster-part.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-cluster-part-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const little = { plans: 0, planBytes: 1, snapshotBytes: 1 };

it.each([
  ['more plans', { ...little, plans: 1001 }, /1,000 change plans/],
  ['plans with more text', { ...little, plans: 2, planBytes: 26_000_000 }, /50 MB of change plans/],
  ['a larger snapshot', { ...little, snapshotBytes: mostUnpacked.snapshot + 1 }, /1 GB unpacked/],
])(
  'of %s than another console opens no pack is made, and none is on record',
  async (_what, { plans, planBytes, snapshotBytes }, message) => {
    const connection = storedConnection();
    const note = vi.fn();
    const snapshot = {
      ask: async () => ({ asOf: '2026-11-26T20:00:00.000Z', users: 1, buckets: 1 }),
      // a hole of that size takes no room on the disk
      change: async (_name: string, path: string) => {
        writeFileSync(path, '');
        truncateSync(path, snapshotBytes);
      },
    };
    const sources = {
      clusters: {
        get: async () => ({ connection, snapshot: async () => snapshot }),
        directory: async () => directory,
      },
      planDesk: {
        list: async () => Array.from({ length: plans }, (_, index) => ({ planId: `p${index}` })),
        plan: async () => ({ name: 'Night', note: 'x'.repeat(planBytes), changes: [] }),
      },
      journal: { note },
      log: { masked: (text: string) => text },
    } as unknown as Parameters<typeof addCluster>[0];
    const making = addCluster(sources, connection.id, new ZipFile());
    await expect(making).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
    });
    expect(note).not.toHaveBeenCalled();
    expect(readdirSync(directory)).toEqual([]);
  },
);
