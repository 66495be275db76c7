import { expect, it } from 'vitest';
import { exportJournal } from '#core/changes/journal/export-journal.ts';
import type { Journal, JournalRow } from '#core/changes/journal/journal.ts';
import { fakeEntry } from '#test/fakes/fake-operations.ts';

/** A journal of entries `from` down to 1, newest first, that grows by one with every page read. */
function growing(from: number, grows = true) {
  const asked: unknown[] = [];
  let newest = from;
  const list: Journal['list'] = async (_connectionId, { offset, limit, ...query }) => {
    asked.push(query);
    const rows = Array.from({ length: newest }, (_, index) =>
      fakeEntry({ journalId: `entry-${newest - index}`, sequence: newest - index }),
    ).slice(offset, offset + limit);
    const total = newest;
    if (grows) newest += 1;
    return { total, rows };
  };
  return { journal: { list } as Journal, asked };
}

it('holds every entry once, newest first, although others are put on record meanwhile', async () => {
  const { journal, asked } = growing(2400);
  const query = { search: 'x', filter: { result: 'verified' } } as const;
  const { content, fileName, mediaType } = await exportJournal(journal, 'lab', query, 'json');
  const rows = JSON.parse(content) as JournalRow[];
  expect(rows.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 2400 }, (_, index) => 2400 - index),
  );
  expect(asked[0]).toEqual(query);
  expect(fileName).toMatch(/^journal-.+-\d{8}T\d{6}Z\.json$/);
  expect(mediaType).toBe('application/json');
});

it('is a table with one line an entry, in which no cell is run as a formula', async () => {
  const list: Journal['list'] = async () => ({
    total: 1,
    rows: [
      fakeEntry({
        before: { quota: null, email: 'a"b' },
        after: { quota: '500' },
        ticket: '=HYPERLINK("x")',
        target: { kind: 'bucket', id: 'logs,2026', name: '-logs' },
      }),
    ],
  });
  const { content } = await exportJournal({ list } as Journal, 'lab', {}, 'csv');
  const [head, line, rest] = content.split('\r\n');
  expect(head?.split(',')).toContain('target id');
  expect(line).toContain('"quota=not set; email=a""b"');
  expect(line).toContain(',quota=500,');
  expect(line).toContain('"\'=HYPERLINK(""x"")"');
  expect(line).toContain('"logs,2026",\'-logs');
  expect(rest).toBe('');
});
