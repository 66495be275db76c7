import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { journalHeadPath } from '#core/store/archive/queries/head-file.ts';
import { entryHash, journalReaders, journalWriters } from '#core/store/archive/queries/journal.ts';
import type { JournalBody } from '#core/store/archive/queries/journal-head.ts';
import { migrate } from '#core/store/sqlite/database.ts';

let directory: string;
let path: string;
let database: DatabaseSync;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-journal-'));
  path = join(directory, 'archive.sqlite');
  database = new DatabaseSync(path, { readBigInts: true });
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
  migrate(database, archiveMigrations);
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

function intent(index: number, target = `user-${index}`): JournalBody {
  return {
    journalId: `j${index}`,
    kind: 'intent',
    at: 1_000 + index,
    operation: index % 2 === 0 ? 'users.disable' : 'quotas.set',
    operator: 'ada',
    target: { kind: 'user', id: target, name: `${target}@example.com` },
    runId: null,
    ticket: index === 3 ? 'OPS-3' : null,
  };
}

function outcome(index: number, result: string): JournalBody {
  return {
    journalId: `j${index}`,
    kind: 'outcome',
    at: 2_000 + index,
    result,
    requestId: `r${index}`,
  };
}

function append(...bodies: JournalBody[]): void {
  journalWriters(database, path).appendJournal({ bodies, steps: [] });
}

const verify = () => journalReaders(database, path).verifyJournal();
const kinds = (): string[] => verify().problems.map(({ kind, sequence }) => `${kind} ${sequence}`);

/** What somebody with the file in hand can do: the triggers are nothing but words in it. */
function asAttacker(sql: string, ...values: string[]): void {
  for (const trigger of ['is_not_changed', 'is_not_shortened', 'grows_at_its_end']) {
    database.exec(`DROP TRIGGER IF EXISTS journal_${trigger}`);
  }
  database.prepare(sql).run(...values);
}

describe('the journal', () => {
  beforeEach(() => {
    for (let index = 1; index <= 6; index += 1) append(intent(index));
  });

  it('is whole as written', () => {
    const { entries, head, problems } = verify();
    expect({ entries, problems }).toEqual({ entries: 6, problems: [] });
    expect(head).toMatch(/^[0-9a-f]{64}$/);
  });

  it('lets nobody change, remove or slip in an entry', () => {
    expect(() => database.exec("UPDATE journal_entry SET body = '{}' WHERE sequence = 2")).toThrow(
      'append-only',
    );
    expect(() => database.exec('DELETE FROM journal_entry WHERE sequence = 6')).toThrow(
      'append-only',
    );
    const insert = 'INSERT INTO journal_entry (sequence, body, previous, hash) VALUES';
    expect(() => database.exec(`${insert} (9, '{}', '', '')`)).toThrow('at its end only');
    expect(() => database.exec(`${insert} (7, '{}', 'x', '')`)).toThrow('at its end only');
    expect(() =>
      database.exec(`INSERT OR REPLACE INTO journal_entry (sequence, body, previous, hash)
        VALUES (3, '{}', '', '')`),
    ).toThrow('at its end only');
    expect(kinds()).toEqual([]);
  });

  it('shows an entry that was changed', () => {
    asAttacker("UPDATE journal_entry SET body = replace(body, 'ada', 'eve') WHERE sequence = 3");
    expect(kinds()).toEqual(['changed 3']);
  });

  it('shows a changed entry whose hash was computed again', () => {
    const row = database
      .prepare('SELECT body, previous FROM journal_entry WHERE sequence = 3')
      .get();
    const body = String(row?.body).replace('ada', 'eve');
    const hash = entryHash(String(row?.previous), body);
    asAttacker('UPDATE journal_entry SET body = ?, hash = ? WHERE sequence = 3', body, hash);
    expect(kinds()).toEqual(['changed 4']);
  });

  it('shows an entry that is missing in the middle', () => {
    asAttacker('DELETE FROM journal_entry WHERE sequence = 4');
    expect(kinds()).toContain('missing 4');
  });

  it('shows entries that changed places', () => {
    asAttacker('UPDATE journal_entry SET sequence = -3 WHERE sequence = 3');
    database.exec('UPDATE journal_entry SET sequence = 3 WHERE sequence = 4');
    database.exec('UPDATE journal_entry SET sequence = 4 WHERE sequence = -3');
    expect(kinds()).toEqual(expect.arrayContaining(['reordered 3', 'reordered 4']));
  });

  it('shows a tail that was cut, even where the head inside the database was cut with it', () => {
    asAttacker('DELETE FROM journal_entry WHERE sequence > 4');
    expect(kinds()).toEqual(['truncated 5']);
    const last = database.prepare('SELECT hash FROM journal_entry WHERE sequence = 4').get();
    asAttacker('UPDATE journal_head SET entries = 4, hash = ?', String(last?.hash));
    expect(kinds()).toEqual(['truncated 5']);
  });

  it('says for ever that its tail was cut, however long it has grown since', () => {
    asAttacker('DELETE FROM journal_entry WHERE sequence > 2');
    const last = database.prepare('SELECT hash FROM journal_entry WHERE sequence = 2').get();
    asAttacker('UPDATE journal_head SET entries = 2, hash = ?', String(last?.hash));
    append(intent(7));
    expect(kinds()).toEqual(['truncated 3']);
    const remembered = JSON.parse(readFileSync(journalHeadPath(path), 'utf8'));
    expect(remembered).toMatchObject({ entries: 6, current: { entries: 5 } });
    for (let index = 8; index < 20; index += 1) append(intent(index));
    expect(kinds()).toEqual(['truncated 3']);
    const { rows } = journalReaders(database, path).listJournal({ offset: 0, limit: 100 });
    const noticed = rows.filter(({ intent: body }) => body.includes('journal.mismatch'));
    expect(noticed).toHaveLength(1);
    expect(verify().problems[0]?.detail).toContain('4 entries are missing at the end');
  });

  it.each([
    [1, '1 entry is missing at the end: 5 of 6 were found'],
    [2, '2 entries are missing at the end: 4 of 6 were found'],
    [5, '5 entries are missing at the end: 1 of 6 was found'],
    [6, '6 entries are missing at the end: 0 of 6 were found'],
  ])('counts %d lost entries in words', (lost, words) => {
    asAttacker(`DELETE FROM journal_entry WHERE sequence > ${6 - lost}`);
    append(intent(7));
    const { rows } = journalReaders(database, path).listJournal({ offset: 0, limit: 100 });
    const noticed = rows.find(({ intent: body }) => body.includes('journal.mismatch'));
    expect(JSON.parse(noticed?.intent ?? '{}')).toMatchObject({
      before: { journal: '6 entries were remembered' },
      after: { journal: words },
    });
  });

  it('shows a chain that was written again from some entry on', () => {
    let previous = '';
    for (const row of database.prepare('SELECT * FROM journal_entry ORDER BY sequence').all()) {
      const body = String(row.body).replace('ada', 'eve');
      const hash = entryHash(previous, body);
      asAttacker(
        'UPDATE journal_entry SET body = ?, previous = ?, hash = ? WHERE sequence = CAST(? AS INTEGER)',
        body,
        previous,
        hash,
        String(row.sequence),
      );
      previous = hash;
    }
    asAttacker('UPDATE journal_head SET hash = ?', previous);
    expect(kinds()).toEqual(['changed 6']);
  });

  it('takes a head file that is a step behind, and one that is lost, for what they are', () => {
    const file = journalHeadPath(path);
    const behind = readFileSync(file, 'utf8');
    append(intent(7));
    writeFileSync(file, behind);
    expect(kinds()).toEqual([]);
    rmSync(file);
    expect(kinds()).toEqual([]);
  });
});

describe('the list of the journal', () => {
  it('pairs intents with their newest outcome; an intent alone is open', () => {
    append(intent(1), intent(2), outcome(1, 'sent'));
    append(outcome(1, 'verified'), intent(3));
    const { total, rows } = journalReaders(database, path).listJournal({ offset: 0, limit: 10 });
    expect(total).toBe(3);
    expect(rows.map(({ outcome: end }) => (end ? JSON.parse(end).result : null))).toEqual([
      null,
      null,
      'verified',
    ]);
  });

  it('is filtered and searched', () => {
    for (let index = 1; index <= 6; index += 1) append(intent(index));
    append(outcome(2, 'verified'), outcome(4, 'refused'));
    const list = (query: object): number[] =>
      journalReaders(database, path)
        .listJournal({ offset: 0, limit: 10, ...query })
        .rows.map(({ intent: body }) => Number(JSON.parse(body).journalId.slice(1)));
    expect(list({ filter: { operation: 'users.disable' } })).toEqual([6, 4, 2]);
    expect(list({ filter: { result: 'verified' } })).toEqual([2]);
    expect(list({ filter: { result: 'open' } })).toEqual([6, 5, 3, 1]);
    expect(list({ filter: { targetId: 'user-5' } })).toEqual([5]);
    expect(list({ filter: { from: '1970-01-01T00:00:01.005Z' } })).toEqual([6, 5]);
    expect(list({ filter: { to: '1970-01-01T00:00:01.002Z' } })).toEqual([2, 1]);
    expect(list({ search: 'ops-3' })).toEqual([3]);
    expect(list({ search: 'R4' })).toEqual([4]);
    expect(list({ offset: 1, limit: 2 })).toEqual([5, 4]);
  });
});

describe('a list of entries', () => {
  const readers = () => journalReaders(database, path);
  const page = { offset: 0, limit: 10 };
  const ofRun = (index: number, runId: string): JournalBody => ({ ...intent(index), runId });

  /** Two runs whose entries alternate, and two entries of no run. */
  function fill(): void {
    append(intent(1), outcome(1, 'verified'), ofRun(2, 'a'), outcome(2, 'verified'));
    append(ofRun(3, 'b'), outcome(3, 'verified'), ofRun(4, 'a'), outcome(4, 'refused'));
    append(intent(5), ofRun(6, 'b'));
  }

  it('folds the entries of a run to one row, at the place of the newest', () => {
    fill();
    const { total, rows } = readers().listJournal({ ...page, folded: true });
    const ids = rows.map(({ intent: text }) => (JSON.parse(text) as JournalBody).journalId);
    expect([total, ids]).toEqual([4, ['j6', 'j5', 'j4', 'j1']]);
    expect(rows.map(({ run }) => run)).toEqual([
      { title: 'Bulk change', entries: 2, results: { open: 1, verified: 1 } },
      undefined,
      { title: 'Bulk change', entries: 2, results: { refused: 1, verified: 1 } },
      undefined,
    ]);
    expect(readers().listJournal({ offset: 1, limit: 2, folded: true }).rows).toEqual(
      rows.slice(1, 3),
    );
    expect(readers().listJournal(page).total).toBe(6);
  });

  it('counts of a run what matches, and yields an entry that is asked for alone as it is', () => {
    fill();
    const refused = readers().listJournal({ ...page, folded: true, filter: { result: 'refused' } });
    expect(refused.rows[0]?.run).toMatchObject({ entries: 1, results: { refused: 1 } });
    const alone = readers().listJournal({ ...page, folded: true, only: 'j2' });
    expect([alone.total, alone.rows[0]?.run]).toEqual([1, undefined]);
    expect(readers().listJournal({ ...page, folded: true, only: 'a' }).rows[0]?.run?.entries).toBe(
      2,
    );
  });

  it('says when its rows were put on record, and narrows by operator', () => {
    fill();
    append({ ...intent(7), operator: 'bo' });
    const times = (query: object) => readers().journalTimes({ offset: 1, limit: 2, ...query });
    expect(times({})).toEqual({ total: 7, times: [1007, 1006, 1005] });
    expect(times({ folded: true })).toEqual({ total: 5, times: [1007, 1006, 1005] });
    expect(readers().journalOperators()).toEqual(['ada', 'bo']);
    expect(readers().listJournal({ ...page, filter: { operator: 'bo' } }).total).toBe(1);
  });
});

it('lists find each outcome by the id of its write, however many there are', () => {
  const prepare = vi.spyOn(database, 'prepare');
  const { listJournal } = journalReaders(database, path);
  for (const chain of [undefined, 'ab'.repeat(32)]) {
    for (const folded of [false, true]) {
      listJournal({ folded, filter: { chain, result: 'open' }, offset: 0, limit: 10 });
    }
  }
  const asked = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes(' AS later'));
  prepare.mockRestore();
  expect(asked.length).toBeGreaterThanOrEqual(8);
  for (const sql of asked) {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const plan = steps.map(({ detail }) => String(detail));
    expect(plan.join('\n')).toMatch(
      /SEARCH (later|merged_journal_entry) .*by_id \(.*journal_id=\?/,
    );
    expect(plan.join('\n')).not.toMatch(/SEARCH later .*by_kind|SCAN later/);
  }
});
