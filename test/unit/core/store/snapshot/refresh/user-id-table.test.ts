import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserIdTable } from '#core/store/snapshot/refresh/user-id-table.ts';

const encoder = new TextEncoder();

describe('UserIdTable', () => {
  it('keeps what a Map keeps, for ids of the usual and of any other form', () => {
    const id = fc.oneof(
      fc.stringMatching(/^[0-9a-f]{16}$/),
      fc.stringMatching(/^[0-9a-f]{14}[0-9A-Fg`:/@ ]{2}$/),
      fc.stringMatching(/^[a-z]{0,20}$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 200 }), id, (ids, stranger) => {
        const table = new UserIdTable(ids.length);
        ids.forEach((each, index) => {
          const bytes = encoder.encode(`"${each}"`);
          table.set(bytes, 1, bytes.length - 1, index);
        });
        for (const each of [...ids, stranger]) {
          const bytes = encoder.encode(each);
          expect(table.get(bytes, 0, bytes.length)).toBe(ids.indexOf(each));
        }
      }),
    );
  });
});
