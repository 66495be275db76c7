import { expect, test } from 'vitest';
import {
  minBytes,
  sizeFilter,
} from '../../../../../src/renderer/components/list-view/size-filter.ts';

test('a size in GiB is so many bytes, exact up to the largest that may be entered', () => {
  expect(minBytes(undefined)).toEqual({});
  expect(minBytes('1')).toEqual({ minBytes: 1_073_741_824 });
  expect(minBytes('10240')).toEqual({ minBytes: 10_995_116_277_760 });
  const most = minBytes(String(sizeFilter.ownNumber?.most)).minBytes ?? Number.NaN;
  expect(Number.isSafeInteger(most)).toBe(true);
});
