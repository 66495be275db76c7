import { expect, it } from 'vitest';
import { exportName, whose } from '#shared/plain-text.ts';

it('an export is named by what, cluster, whose, period and state', () => {
  expect(
    exportName(
      ['statement', 'Rack 7, Zürich', 'a@example.net', '2026-10-01', '2026-11-01', 'draft'],
      'csv',
    ),
  ).toBe('statement-Rack-7-Zürich-a@example.net-2026-10-01-2026-11-01-draft.csv');
  expect(exportName(['usage', null, '', '../../etc/x:y'], 'json')).toBe('usage-etc-x-y.json');
});

it('names one user, counts more, and says nothing of everybody', () => {
  expect(whose(undefined)).toBeNull();
  expect(whose(['a@example.net'])).toBe('a@example.net');
  expect(whose(['a', 'b', 'c'])).toBe('3-users');
});
