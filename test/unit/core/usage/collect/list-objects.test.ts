import { describe, expect, it } from 'vitest';
import type { UsageObjectPage } from '#core/gateway/model/gateway.ts';
import { listObjects } from '#core/usage/collect/list-objects.ts';
import { statisticsName } from '#test/fakes/statistics-object.ts';

const now = Date.UTC(2026, 9, 20) / 1000;
const names = Array.from({ length: 9 }, (_, index) =>
  statisticsName(index < 5 ? '65' : '67', now - 86_400 + (index % 5) * 1800, 1800),
);

async function list(answer: (after: string | undefined) => UsageObjectPage) {
  const asked: (string | undefined)[] = [];
  const listUsageObjects = async (page: { after?: string } = {}) => {
    asked.push(page.after);
    if (asked.length > 100) throw new Error('does not end');
    return answer(page.after);
  };
  const pages = listObjects({ listUsageObjects }, now, new AbortController().signal);
  const listed: string[] = [];
  const ignored: string[] = [];
  for (;;) {
    const page = await pages.next();
    if (page.done) return { listed, ignored, asked, complete: page.value.complete };
    listed.push(...page.value.objects.map(({ name }) => name));
    ignored.push(...page.value.ignored);
  }
}

const pageAfter = (after: string | undefined, size: number): string[] => {
  const start = after === undefined ? 0 : names.findIndex((name) => name > after);
  return start < 0 ? [] : names.slice(start, start + size);
};

describe('listObjects', () => {
  it('reads page after page, whatever truncated says', async () => {
    for (const truncated of [true, false]) {
      const { listed, complete } = await list((after) => ({
        names: pageAfter(after, 4),
        truncated,
      }));
      expect(listed).toEqual(names);
      expect(complete).toBe(true);
    }
  });

  it('ends where the gateway gives the same page for ever, and says that it may not be all', async () => {
    const { listed, complete } = await list(() => ({ names: names.slice(0, 4), truncated: true }));
    expect(listed).toEqual(names.slice(0, 4));
    expect(complete).toBe(false);
  });

  it('ends where pages go in a circle', async () => {
    const { listed } = await list((after) => ({
      names: after === undefined || after === names[7] ? names.slice(0, 4) : names.slice(4, 8),
      truncated: true,
    }));
    expect(listed).toEqual(names.slice(0, 8));
  });

  it('leaves names alone that are of 1970, of the future, or of nothing at all', async () => {
    const odd = [
      statisticsName('65', 0, 1800),
      statisticsName('65', now + 40 * 86_400, 1800),
      's3-usage-65-yesterday-1800',
      'another',
    ];
    const { listed, ignored, asked } = await list((after) => ({
      names: [...pageAfter(after, 4), ...odd],
      truncated: true,
    }));
    expect(listed).toEqual(names);
    expect(ignored).toEqual(odd);
    expect(asked.some((after) => after !== undefined && odd.includes(after))).toBe(false);
  });
});
