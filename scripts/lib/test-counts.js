import { existsSync, readFileSync } from 'node:fs';

/** How many tests passed, failed and were skipped. */
export const noTests = { passed: 0, failed: 0, skipped: 0 };

/** Adds two counts. */
export function addCounts(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Counts of Vitest's JSON report; a file that could not even be loaded counts as one failed. */
export function vitestCounts(path) {
  const report = readReport(path);
  if (!report) return noTests;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts of Playwright's JSON report; an error outside any test counts as one failed. */
export function playwrightCounts(path) {
  const report = readReport(path);
  if (!report) return noTests;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}
