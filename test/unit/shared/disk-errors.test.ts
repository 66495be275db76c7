import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usageContract } from '#shared/contract/usage.ts';
import { usersContract } from '#shared/contract/users.ts';
import { toAppError } from '#shared/errors.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-disk-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (thrown) {
    return toAppError(thrown).toData();
  }
};

describe('a failure of the disk', () => {
  it('is named as one, with its cause, where a directory has the place of a file', async () => {
    const path = join(directory, 'connections.json');
    await mkdir(path);
    await writeFile(join(directory, 'new'), '');
    for (const work of [() => readFile(path), () => rename(join(directory, 'new'), path)]) {
      expect(await failureOf(work)).toMatchObject({
        code: 'DISK_FAILED',
        message: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
      });
    }
  });

  it('is named as one where a database cannot be opened', async () => {
    expect(await failureOf(() => new DatabaseSync(directory))).toMatchObject({
      code: 'DISK_FAILED',
    });
  });

  it('is not seen in what a socket says', async () => {
    const refused = await failureOf(
      () =>
        new Promise((_resolve, reject) => {
          connect({ host: '127.0.0.1', port: 1 }).once('error', reject);
        }),
    );
    expect(refused).toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a number that no 64 bits hold', () => {
  it('is refused as a filter', () => {
    const report = usageContract['usage.report'].input;
    const users = usersContract['users.list'].input;
    const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', groupBy: 'user' };
    const inReport = (epoch: string) =>
      report.safeParse({ connectionId: 'lab', ...period, filter: { epoch } }).success;
    const inUsers = (minBytes: string) =>
      users.safeParse({ connectionId: 'lab', offset: 0, limit: 1, filter: { minBytes } }).success;
    for (const holds of [inReport, inUsers]) {
      expect(holds('9223372036854775807')).toBe(true);
      expect(holds('9223372036854775808')).toBe(false);
      expect(holds('9'.repeat(400))).toBe(false);
    }
  });
});
