import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { threadId } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCounts, writeRecord } from '#core/store/archive/file/archive-record.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { journalHeadPath } from '#core/store/archive/queries/head-file.ts';
import { journalReaders, journalWriters } from '#core/store/archive/queries/journal.ts';
import {
  type JournalBody,
  lastEntry,
  rememberHead,
} from '#core/store/archive/queries/journal-head.ts';
import { ensureIdentity, setIdentity } from '#core/store/archive/queries/journal-seal.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const secret = 'ab'.repeat(32);
const otherSecret = 'cd'.repeat(32);

let directory: string;
let path: string;
let database: DatabaseSync;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-seal-'));
  path = join(directory, 'archive.sqlite');
  database = open();
  migrate(database, archiveMigrations);
  ensureIdentity(database);
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

function open(): DatabaseSync {
  const opened = new DatabaseSync(path, { readBigInts: true });
  opened.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
  return opened;
}

/** The console is started again: what it knew of keys is gone. */
function reopen(): void {
  database.close();
  database = open();
}

const useKey = (key = secret, isNew = false) =>
  journalWriters(database, path).setJournalKey({ secret: key, isNew });

function append(...indexes: number[]): void {
  const bodies = indexes.map(
    (index): JournalBody => ({
      journalId: `j${index}`,
      kind: 'intent',
      at: 1_000 + index,
      operation: 'quotas.set',
      operator: 'ada',
      target: { kind: 'user', id: `user-${index}`, name: `user-${index}@example.com` },
    }),
  );
  journalWriters(database, path).appendJournal({ bodies, steps: [] });
}

interface Own {
  operation: string;
  title: string;
  after: { journal: string };
}

/** What the console itself said in the journal, oldest first. */
function said(): Own[] {
  const { rows } = journalReaders(database, path).listJournal({ offset: 0, limit: 100 });
  return rows
    .map(({ intent }) => JSON.parse(intent) as Own)
    .filter(({ operation }) => operation.startsWith('journal.'))
    .toReversed();
}

const problems = () => journalReaders(database, path).verifyJournal().problems;

type HeadFile = Record<string, unknown>;
const readHead = () => JSON.parse(readFileSync(journalHeadPath(path), 'utf8')) as HeadFile;

/**
 * Cuts the journal and makes everything agree that is in files: chain, head in the database, head
 * next to it, and the archive's record. The keychain is out of reach.
 */
function cutEverywhere(left: number, head: (found: HeadFile) => HeadFile = (found) => found): void {
  for (const trigger of ['is_not_changed', 'is_not_shortened', 'grows_at_its_end']) {
    database.exec(`DROP TRIGGER IF EXISTS journal_${trigger}`);
  }
  database.exec(`DELETE FROM journal_entry WHERE sequence > ${left};
    UPDATE journal_head SET (entries, hash) =
      (SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1)`);
  const counts = readCounts(database);
  const { entries, hash } = counts;
  const { sealed = [] } = readHead() as { sealed?: object[] };
  const forged = head({
    entries,
    hash,
    sealed: sealed.map((one) => ({ ...one, entries, hash })),
  });
  writeFileSync(journalHeadPath(path), JSON.stringify(forged));
  writeRecord(path, counts);
}

describe('the remembered head of a journal with a key', () => {
  beforeEach(() => {
    useKey(secret, true);
    for (let index = 1; index <= 6; index += 1) append(index);
  });

  it('is no finding as long as it is as it was sealed', () => {
    append(7);
    reopen();
    useKey();
    append(8);
    expect(problems()).toEqual([]);
    expect(said()).toEqual([]);
    expect(journalReaders(database, path).verifyJournal().sealed).toBe(true);
  });

  it('shows a cut whose chain, heads and record were all made to agree, before the next entry', () => {
    cutEverywhere(3);
    append(7);
    expect(said()).toMatchObject([
      { operation: 'journal.mismatch', after: { journal: expect.stringContaining('forged') } },
    ]);
    append(8);
    expect(said()).toHaveLength(1);
    expect(problems()).toMatchObject([{ kind: 'forged', sequence: 4 }]);
  });

  it('shows it when the archive is opened, though nothing is written', () => {
    cutEverywhere(3);
    reopen();
    useKey();
    expect(said()).toMatchObject([{ operation: 'journal.mismatch' }]);
    reopen();
    useKey();
    expect(said()).toHaveLength(1);
    expect(problems()).toMatchObject([{ kind: 'forged' }]);
  });

  it('shows it to a verification, before anything is written', () => {
    cutEverywhere(3);
    expect(problems()).toMatchObject([{ kind: 'forged' }]);
  });

  it('shows a head whose seal was taken away', () => {
    cutEverywhere(3, ({ entries, hash }) => ({ entries, hash }));
    reopen();
    useKey();
    expect(said()[0]?.after.journal).toContain('not sealed');
  });

  it('shows a head that was sealed with a key of the attacker', () => {
    const { sealed } = readHead() as { sealed: { seal: object }[] };
    cutEverywhere(3, ({ entries, hash }) => ({
      ...{ entries, hash },
      sealed: [{ entries, hash, seal: { ...sealed[0]?.seal, key: 'f'.repeat(16) } }],
    }));
    reopen();
    useKey();
    expect(said()[0]?.after.journal).toContain('not the one in the keychain');
  });

  it('shows a journal that took the identity of another', () => {
    reopen();
    setIdentity(database, 'e'.repeat(32));
    useKey();
    expect(said()[0]?.after.journal).toContain('another journal');
  });

  it('tells a key that is gone from a head that was forged, and seals with the new one', () => {
    reopen();
    useKey(otherSecret, true);
    expect(said()).toMatchObject([
      { operation: 'journal.key', title: 'Key of the journal is no longer in the keychain' },
    ]);
    expect(problems()).toEqual([]);
    append(7);
    reopen();
    useKey(otherSecret);
    expect(said()).toHaveLength(1);
    cutEverywhere(3);
    append(8);
    expect(said().map(({ operation }) => operation)).toContain('journal.mismatch');
  });

  it('says of a console that was ended between an entry and its seal what may have been', () => {
    const before = readFileSync(journalHeadPath(path));
    append(7);
    writeFileSync(journalHeadPath(path), before);
    reopen();
    useKey();
    expect(said()).toMatchObject([
      { title: 'Records that were not sealed yet', before: { journal: expect.any(String) } },
    ]);
    expect(said()[0]?.after.journal).toMatch(
      /^record 7 was not sealed .* ended before it could, or/,
    );
    expect(problems()).toEqual([]);
  });

  it('is no finding where another workstation sealed it meanwhile, there and back', () => {
    reopen();
    useKey(otherSecret, true);
    append(7, 8);
    reopen();
    useKey();
    expect(said().slice(1)).toMatchObject([
      { operation: 'journal.key', title: 'Records sealed with another key' },
    ]);
    expect(said()[1]?.after.journal).toContain('records 7 to 10 were sealed with another key');
    append(9);
    reopen();
    useKey(otherSecret);
    append(10);
    reopen();
    useKey();
    expect(said().map(({ operation }) => operation)).not.toContain('journal.mismatch');
    expect(problems()).toEqual([]);
    // What this key sealed can't be cut under the seal of another.
    cutEverywhere(8);
    expect(problems()).toMatchObject([{ kind: 'forged' }]);
  });

  it('shows a seal of this key that was taken away next to that of another', () => {
    reopen();
    useKey(otherSecret, true);
    append(7);
    const head = readHead() as { sealed: object[] };
    writeFileSync(journalHeadPath(path), JSON.stringify({ ...head, sealed: [head.sealed[0]] }));
    reopen();
    useKey();
    expect(said().at(-1)).toMatchObject({ operation: 'journal.mismatch' });
  });

  it('is read as the console wrote it that knew one seal alone', () => {
    const head = readHead() as { sealed: object[] };
    writeFileSync(journalHeadPath(path), JSON.stringify({ ...head, sealed: head.sealed[0] }));
    reopen();
    useKey();
    append(7);
    expect(said()).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it('records nothing while its file can not be read: the entry is refused, to be tried again', () => {
    const file = journalHeadPath(path);
    renameSync(file, `${file}.away`);
    mkdirSync(file); // There, and refuses to be read.
    const refused = expect.objectContaining({ code: 'DISK_FAILED', retryable: true });
    reopen();
    expect(() => append(7)).toThrow(refused);
    expect(() => useKey()).toThrow(refused);
    rmSync(file, { recursive: true });
    renameSync(`${file}.away`, file);
    useKey();
    append(7);
    expect(said()).toEqual([]);
    expect(problems()).toEqual([]);
    expect(lastEntry(database).entries).toBe(7);
  });

  it('is no failure of an entry that is committed; the next one is refused until it is remembered', () => {
    const writers = journalWriters(database, path);
    const write = (journalId: string) => {
      const target = { kind: 'user' as const, id: journalId, name: journalId };
      const body = { journalId, kind: 'intent' as const, at: 1, operation: 'quotas.set', target };
      return writers.appendJournal({ bodies: [{ ...body, operator: 'ada' }], steps: [] });
    };
    writers.setJournalKey({ secret, isNew: false });
    const before = lastEntry(database).entries;
    const temporary = `${journalHeadPath(path)}.${process.pid}-${threadId}.tmp`;
    mkdirSync(temporary); // in the way of the file that would take the place of the head
    expect(write('first').entries).toBe(before + 1);
    expect(() => write('second')).toThrow(
      expect.objectContaining({ code: 'DISK_FAILED', retryable: true }),
    );
    expect(lastEntry(database).entries).toBe(before + 1);
    rmSync(temporary, { recursive: true });
    expect(write('second').entries).toBe(before + 2);
    expect(readHead()).toMatchObject({ entries: before + 2 });
    expect(said()).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it('leaves a damaged file to who has the key, and never writes over a seal it could not read', () => {
    const file = journalHeadPath(path);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, 100));
    reopen();
    append(7);
    expect(readFileSync(file)).toEqual(whole.subarray(0, 100));
    useKey();
    expect(said()).toMatchObject([
      { operation: 'journal.mismatch', after: { journal: expect.stringContaining('damaged') } },
    ]);
  });

  it('says which records were written where the key could not be read', () => {
    reopen();
    append(7, 8);
    append(9);
    expect(readHead()).toMatchObject({ entries: 9, sealed: [{ entries: 6 }] });
    reopen();
    useKey();
    expect(said()).toMatchObject([
      {
        operation: 'journal.key',
        title: 'Records that were not sealed yet',
        after: {
          journal:
            'records 7 to 9 were not sealed when the console opened the journal: a console ended before it could, or had no key',
        },
      },
    ]);
    expect(problems()).toEqual([]);
    expect(readHead()).toMatchObject({ entries: 11, sealed: [{ entries: 11 }] });
  });
});

describe('a journal without a key', () => {
  it('is taken over once, with an entry', () => {
    for (const index of [1, 2, 3]) append(index);
    reopen();
    useKey(secret, true);
    expect(said()).toMatchObject([
      { operation: 'journal.key', title: 'Seal the head of the journal' },
    ]);
    reopen();
    useKey();
    append(4);
    expect(said()).toHaveLength(1);
    expect(problems()).toEqual([]);
  });

  it('is not taken over twice where the console ended before it could say so', () => {
    for (const index of [1, 2, 3]) append(index);
    useKey(secret, true);
    reopen();
    useKey(secret, true);
    expect(said()).toHaveLength(1);
  });

  it('is sealed with its key though another process has remembered more meanwhile', () => {
    for (const index of [1, 2, 3]) append(index);
    const key = { secret, journal: ensureIdentity(database) };
    const hash = 'f'.repeat(64);
    rememberHead(path, () => null)({ entries: 5, hash });
    rememberHead(path, () => key)(lastEntry(database));
    expect(readHead()).toMatchObject({ entries: 5, hash, sealed: [{ current: { entries: 3 } }] });
  });

  it('is sealed without a word where it is empty', () => {
    useKey(secret, true);
    expect(said()).toEqual([]);
    expect(readHead()).toMatchObject({ entries: 0, sealed: [{ entries: 0 }] });
  });
});
