import { describe, expect, it } from 'vitest';
import { ListCache } from '#simulator/services/service-context.ts';

const frame = { before: '[', after: ']' };

describe('ListCache', () => {
  it.each([0, 1, 1999, 2000, 2001, 4000, 4001])('encodes %d items', (count) => {
    const items = Array.from({ length: count }, (_, index) => index);
    const bytes = new ListCache().bytes('list', null, frame, () => items.map(String));
    expect(JSON.parse(Buffer.concat(bytes).toString())).toEqual(items);
  });

  it('keeps a list as long as its key stays', () => {
    const cache = new ListCache();
    let made = 0;
    const list = (key: string | null) =>
      cache.bytes('list', key, frame, () => {
        made += 1;
        return ['1'];
      });
    expect(list('a')).toBe(list('a'));
    expect(made).toBe(1);
    list('b');
    list(null);
    list(null);
    expect(made).toBe(4);
  });
});
