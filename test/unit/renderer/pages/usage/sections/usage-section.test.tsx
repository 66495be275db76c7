import { expect, test } from 'vitest';
import { DayTooltip } from '#renderer/pages/usage/sections/usage-sections.tsx';
import { lacksOf } from '#renderer/pages/usage/traffic/scope.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { fakeCounters } from '#test/fakes/fake-usage.ts';
import { renderPart } from '../../../render-console.tsx';

const day = (index: number, hour = 0): string =>
  new Date(Date.UTC(2026, 9, 1 + index, hour)).toISOString();
const nothing = { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
/** Of four days one is complete, one was never collected, one in part, and one is idle. */
const points = [fakeCounters, nothing, fakeCounters, nothing].map((counters, index) => ({
  at: day(index),
  ...counters,
}));
const missing = [
  { from: day(1), to: day(2) },
  { from: day(2, 23), to: day(3) },
];

function wordsOf(index: number): string {
  const lack = lacksOf({ step: 'day', points, missing, open: [] }).get(day(index));
  renderPart(new FakeTransport(), <DayTooltip active day={{ point: points[index], lack }} />);
  return document.body.textContent?.split('}').at(-1) ?? ''; // after the styles
}

test('a day that was not collected is never said like one without traffic', () => {
  const words = wordsOf(1);
  expect(words).toContain('Not collected: what was used is not known');
  expect(words).not.toMatch(/In |Out |0 bytes/);
});

test('a day collected in part says so next to its traffic', () => {
  const words = wordsOf(2);
  expect(words).toMatch(/1 hour not collected/);
  expect(words).toMatch(/In .*Out /);
});

test('a day that was collected says its traffic, also where that is none', () => {
  expect(wordsOf(3)).toMatch(/In 0 bytes.*Out 0 bytes/);
});
