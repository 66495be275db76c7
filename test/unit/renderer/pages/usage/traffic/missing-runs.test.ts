import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { complete, lacksOf, lackWords, missingRuns } from '#renderer/pages/usage/traffic/scope.ts';
import { ChartTooltip } from '#renderer/pages/usage/traffic/usage-chart.tsx';
import { fakeCounters } from '#test/fakes/fake-usage.ts';

const at = (day: number, hour = 0): string => new Date(Date.UTC(2026, 9, day, hour)).toISOString();
const points = [1, 2, 3, 4, 5].map((day) => ({ at: at(day), ...fakeCounters }));

test('bars that lack statistics are marked, neighbours as one', () => {
  const missing = [
    { from: at(1, 23), to: at(2, 1) },
    { from: at(4, 5), to: at(4, 6) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(1), to: at(2), whole: false },
    { from: at(4), to: at(4), whole: false },
  ]);
});

test('a bar that lacks every hour is distinguished from one that lacks some, and how many', () => {
  const missing = [
    { from: at(1, 22), to: at(3) },
    { from: at(3, 4), to: at(3, 5) },
    { from: at(3, 7), to: at(3, 9) },
  ];
  const series = { points, missing, step: 'day' } as const;
  expect(missingRuns(series)).toEqual([
    { from: at(1), to: at(1), whole: false },
    { from: at(2), to: at(2), whole: true },
    { from: at(3), to: at(3), whole: false },
  ]);
  const open = [{ from: at(3, 22), to: at(5) }];
  expect([...lacksOf({ ...series, open })]).toEqual([
    [at(1), { missing: 2, open: 0, whole: false }],
    [at(2), { missing: 24, open: 0, whole: true }],
    [at(3), { missing: 3, open: 2, whole: false }],
    [at(4), { missing: 0, open: 24, whole: true }],
  ]);
});

test('a bar without figures is not collected, or not over, and never zero; figures may be too low', () => {
  const whole = { missing: 24, open: 0, whole: true };
  expect(lackWords(whole, true)).toBe('Not collected: what was used is not known.');
  expect(lackWords({ ...whole, missing: 0, open: 24 }, true)).toMatch(
    /^Still in progress, or not due yet/,
  );
  expect(lackWords({ ...whole, missing: 23, open: 1 }, true)).toMatch(/^Not collected yet/);
  expect(lackWords(whole, false)).toBe('24 hours not collected: it was this or more.');
  expect(lackWords({ missing: 1, open: 2, whole: false }, true)).toBe(
    '1 hour not collected, 2 hours still open: it was this or more.',
  );
  for (const kind of ['traffic', 'operations'] as const) {
    const point = { at: at(1), put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
    const tooltip = { kind, point, step: 'day', clock: 'utc' } as const;
    const unknown = renderToStaticMarkup(createElement(ChartTooltip, { ...tooltip, lack: whole }));
    expect(unknown).toContain('Not collected: what was used is not known.');
    expect(unknown).not.toMatch(/Together|0 bytes|>0</);
    const idle = renderToStaticMarkup(createElement(ChartTooltip, { ...tooltip, lack: complete }));
    expect(idle).toContain('Together');
  }
});

test('what is missing after the last bar has begun marks it, what ends where a bar begins does not', () => {
  const missing = [
    { from: at(2), to: at(3) },
    { from: at(5, 12), to: at(5, 13) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(2), to: at(2), whole: true },
    { from: at(5), to: at(5), whole: false },
  ]);
  expect(missingRuns({ points, missing: [], step: 'day' })).toEqual([]);
});
