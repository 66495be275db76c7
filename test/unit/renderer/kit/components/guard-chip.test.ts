import { expect, test } from 'vitest';
import { minutesLeft } from '#renderer/kit/components/guard-chip.tsx';
import { minute } from '#shared/durations.ts';

test.each([
  ['unlocked this moment', 60 * minute, 60],
  ['looked at with a clock five seconds old', 60 * minute + 5_000, 60],
  ['a minute later', 59 * minute, 59],
  ['at the end', 800, 1],
  ['past it', 0, 1],
] as const)('says the minutes left of 60: %s', (_, left, minutes) => {
  expect(minutesLeft(left, 0)).toBe(minutes);
});
