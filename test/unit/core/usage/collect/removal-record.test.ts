import { describe, expect, it } from 'vitest';
import type { JournalOutcome } from '#core/store/archive/journal-port.ts';
import { completeRemovals, RemovalRecord } from '#core/usage/collect/removal-record.ts';
import { AppError } from '#shared/errors.ts';

const denied = new AppError({ code: 'ACCESS_DENIED', message: 'No.', hint: 'Ask.' });

class RecordedJournal {
  readonly entries: (JournalOutcome | 'open')[] = [];

  async open(): Promise<void> {
    this.entries.push('open');
  }

  async close(outcome: JournalOutcome): Promise<void> {
    this.entries.push(outcome);
  }
}

async function run(work: (record: RemovalRecord) => void | Promise<void>, thrown?: unknown) {
  const journal = new RecordedJournal();
  const record = new RemovalRecord(journal);
  await work(record);
  await record.end(thrown);
  return journal.entries;
}

describe('RemovalRecord', () => {
  it('writes nothing where nothing is deleted', async () => {
    expect(await run((record) => record.listed({ complete: true, names: new Set() }))).toEqual([]);
  });

  it('opens once, before the first, and closes with how many and which', async () => {
    const entries = await run(async (record) => {
      await Promise.all([record.begin(), record.begin()]);
      record.removed('s3-usage-b');
      record.removed('s3-usage-a');
      record.listed({ complete: true, names: new Set(['s3-usage-c']) });
    });
    expect(entries).toEqual([
      'open',
      {
        result: 'verified',
        requestId: null,
        error: null,
        after: { statistics: '2 deleted: s3-usage-a to s3-usage-b' },
      },
    ]);
  });

  it('is not verified by a list that is not whole, or still names one of them', async () => {
    for (const list of [
      { complete: false, names: new Set<string>() },
      { complete: true, names: new Set(['s3-usage-a']) },
    ]) {
      const [, closed] = await run(async (record) => {
        await record.begin();
        record.removed('s3-usage-a');
        record.listed(list);
      });
      expect(closed).toMatchObject({ result: 'sent' });
    }
  });

  it('tells refusals apart from what ended the run before it was known', async () => {
    const [, refused] = await run(async (record) => {
      await record.begin();
      record.failed(denied.toData());
    });
    expect(refused).toMatchObject({
      result: 'refused',
      error: { code: 'ACCESS_DENIED' },
      after: { statistics: '0 deleted; 1 could not be deleted' },
    });
    const [, unknown] = await run((record) => record.begin(), denied);
    expect(unknown).toMatchObject({ result: 'unknown', error: { code: 'ACCESS_DENIED' } });
  });
});

describe('completeRemovals', () => {
  it('closes what an earlier run left open, by what the archive knows', async () => {
    const closed: unknown[] = [];
    const journal = {
      list: async () => ({
        total: 1,
        rows: [{ journalId: 'left-open', at: '2026-11-26T00:00:00.000Z' }],
      }),
      close: async (...entry: unknown[]) => void closed.push(entry),
    };
    const archive = { read: async () => ({ confirmed: 256, gone: 12 }) };
    await completeRemovals(journal as never, archive as never, 'lab', true);
    expect(closed).toEqual([
      [
        'lab',
        'left-open',
        expect.objectContaining({
          result: 'verified',
          after: { statistics: expect.stringMatching(/256 confirmed.*12 archived and gone/) },
        }),
      ],
    ]);
  });
});
