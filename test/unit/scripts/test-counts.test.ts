import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import * as counts from '../../../scripts/lib/test-counts.js';

const { addCounts, playwrightCounts, vitestCounts } = counts;

describe('counts of the tests', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'test-counts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function report(content: unknown): string {
    const path = join(folder, 'report.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  it('counts a test file that could not be loaded as failed', () => {
    const path = report({
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'passed', assertionResults: [{}] },
      ],
    });
    expect(vitestCounts(path)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('counts a test that passed only at the second try as failed', () => {
    const path = report({
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 },
      errors: [{ message: 'no worker' }],
    });
    expect(playwrightCounts(path)).toEqual({ passed: 4, failed: 3, skipped: 2 });
  });

  it('finds nothing where there is no report', () => {
    const none = { passed: 0, failed: 0, skipped: 0 };
    expect(vitestCounts(join(folder, 'none.json'))).toEqual(none);
    expect(playwrightCounts(join(folder, 'none.json'))).toEqual(none);
  });

  it('adds', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(addCounts(one, one)).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
