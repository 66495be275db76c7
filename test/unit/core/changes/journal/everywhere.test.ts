import { describe, expect, it } from 'vitest';
import { listEverywhere, listOperators, rangesOnPage } from '#core/changes/journal/everywhere.ts';
import type { Journal } from '#core/changes/journal/journal.ts';
import type { SavedConnection } from '#core/clusters/clusters.ts';
import { AppError } from '#shared/errors.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeEntry } from '#test/fakes/fake-operations.ts';

/** Journals by connection: the seconds at which their entries were put on record, newest first. */
function journals(all: Record<string, number[]>, damaged: string[] = []) {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const entriesOf = (id: string) => {
    if (damaged.includes(id)) {
      throw new AppError({ code: 'ARCHIVE_DAMAGED', message: 'Damaged.', hint: 'Restore it.' });
    }
    return all[id] ?? [];
  };
  const journal: Pick<Journal, 'list' | 'times' | 'operators'> = {
    async list(id, { offset, limit }) {
      const seconds = entriesOf(id);
      const rows = seconds
        .slice(offset, offset + limit)
        .map((second) => fakeEntry({ journalId: `${id}-${second}`, at: at(second) }));
      return { total: seconds.length, rows };
    },
    async times(id, { offset, limit }) {
      const seconds = entriesOf(id);
      return {
        total: seconds.length,
        times: seconds.slice(0, offset + limit).map((second) => second * 1000),
      };
    },
    operators: async (id) => (entriesOf(id).length > 0 ? [`operator of ${id}`, 'ada'] : []),
  };
  const list = async (): Promise<SavedConnection[]> =>
    [...Object.keys(all), ...damaged].map((id) => fakeConnection({ id, name: `Rack ${id}` }));
  return { journal, connections: { list } };
}

const pageOf = (sources: ReturnType<typeof journals>, offset: number, limit: number) =>
  listEverywhere(sources, { offset, limit, folded: true });

describe('the journals of all clusters', () => {
  it('are one list by time, whichever page of it is asked for', async () => {
    const sources = journals({ a: [9, 5, 4, 1], b: [8, 7, 2], c: [] });
    const whole = await pageOf(sources, 0, 100);
    const ids = ['a-9', 'b-8', 'b-7', 'a-5', 'a-4', 'b-2', 'a-1'];
    expect(whole.rows.map(({ journalId }) => journalId)).toEqual(ids);
    expect(whole.rows[1]).toMatchObject({ connectionId: 'b' });
    for (let offset = 0; offset < 8; offset += 1) {
      const { total, rows } = await pageOf(sources, offset, 2);
      expect(total).toBe(7);
      expect(rows.map(({ journalId }) => journalId)).toEqual(ids.slice(offset, offset + 2));
    }
  });

  it('name the one that can’t be read, and show the others', async () => {
    const sources = journals({ a: [2] }, ['b']);
    expect(await pageOf(sources, 0, 10)).toMatchObject({
      total: 1,
      rows: [{ connectionId: 'a' }],
      unread: [{ connectionId: 'b', connectionName: 'Rack b', reason: 'Damaged.' }],
    });
    expect(await listOperators(sources, undefined)).toEqual(['ada', 'operator of a']);
    expect(await listOperators(sources, 'a')).toEqual(['operator of a', 'ada']);
  });

  it('keep the order of a journal whose clock was set back', () => {
    const lists = [
      [5, 9, 1],
      [7, 3],
    ];
    expect(rangesOnPage(lists, 0, 2)).toEqual([
      { index: 1, from: 0, to: 1 },
      { index: 0, from: 0, to: 1 },
    ]);
    expect(rangesOnPage(lists, 2, 9)).toEqual([
      { index: 0, from: 1, to: 3 },
      { index: 1, from: 1, to: 2 },
    ]);
  });
});
