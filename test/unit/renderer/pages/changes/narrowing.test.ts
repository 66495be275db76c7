import { expect, test } from 'vitest';
import {
  bucketFilterOf,
  bucketNarrowing,
  everyOne,
  targetsOf,
  userFilterOf,
  userNarrowing,
} from '#renderer/pages/changes/narrowing.ts';

test('users begin as all tenants, and each field narrows', () => {
  const all = everyOne(userNarrowing);
  expect(userFilterOf(all)).toEqual({ system: false });
  const narrowed = { ...all, state: 'disabled', buckets: 'none', size: '100', kind: 'yes' };
  expect(userFilterOf(narrowed)).toEqual({
    state: 'disabled',
    buckets: 'none',
    minBytes: 107_374_182_400,
    system: true,
  });
});

test('system users count only where they alone are selected, as a run takes them', () => {
  const kinds = userNarrowing.fields.find(({ name }) => name === 'kind')?.options ?? [];
  const all = everyOne(userNarrowing);
  expect(kinds.map(({ value }) => userFilterOf({ ...all, kind: value }).system)).toEqual([
    false,
    true,
  ]);
});

test('buckets begin as all, and each field narrows', () => {
  const all = everyOne(bucketNarrowing);
  expect(bucketFilterOf(all)).toEqual({});
  const narrowed = { ...all, content: 'filled', size: '1', created: '30', owner: 'no' };
  expect(bucketFilterOf(narrowed)).toEqual({
    size: 'filled',
    minBytes: 1_073_741_824,
    createdAfter: expect.stringMatching(/T00:00:00\.000Z$/),
    ownerKnown: false,
  });
});

test('blanks are no search', () => {
  const all = { ...everyOne(bucketNarrowing), search: '  ' };
  expect(targetsOf('bucket', all, 7)).toMatchObject({ of: 'bucket', total: 7, search: undefined });
  expect(targetsOf('bucket', { ...all, search: ' x ' }, 1)).toMatchObject({ search: 'x' });
});
