import { describe, expect, it } from 'vitest';
import { CommitQueue } from '#core/changes/journal/journal.ts';

describe('a commit queue', () => {
  it('gathers what comes while a commit is under way', async () => {
    const commits: number[][] = [];
    const queue = new CommitQueue<number>(async (items) => {
      commits.push(items);
      await new Promise(setImmediate);
    });
    await Promise.all([1, 2, 3, 4].map((item) => queue.add(item)));
    await queue.add(5);
    expect(commits).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('tells a failed commit to those it was for, and continues', async () => {
    const queue = new CommitQueue<string>(async (items) => {
      if (items.includes('bad')) throw new Error('disk full');
    });
    const results = await Promise.allSettled(['bad', 'good'].map((item) => queue.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(queue.add('later')).resolves.toBeUndefined();
  });
});
