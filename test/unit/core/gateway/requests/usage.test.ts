import { describe, expect, it } from 'vitest';
import { readUsageObjectPage } from '#core/gateway/requests/usage.ts';

describe('readUsageObjectPage', () => {
  it('trusts the names, not their count', () => {
    expect(
      readUsageObjectPage({ nr_items: 7, truncated: false, items: ['s3-usage-a', ''] }),
    ).toEqual({ names: ['s3-usage-a'], truncated: false });
  });

  it.each([[true], ['true']])('takes %j for truncated', (truncated) => {
    expect(readUsageObjectPage({ truncated, items: [] }).truncated).toBe(true);
  });

  it.each([[null], [[]], [{ items: 'x' }], [{ nr_items: 0 }]])('refuses %j', (json) => {
    expect(() => readUsageObjectPage(json)).toThrow(
      expect.objectContaining({ code: 'ANSWER_FOREIGN' }),
    );
  });
});
