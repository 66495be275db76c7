import { expect, it } from 'vitest';
import { describeFailure } from '../../../src/main/describe-failure.ts';

it('names the kind of error and the place, never its text', () => {
  const text = describeFailure(new TypeError('secret value\n    of two lines'));
  expect(text).toMatch(/^TypeError\n\s+at /);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('of two lines');
});

it('says little of what is no error', () => {
  expect(describeFailure('secret')).toBe('An unknown failure');
});
