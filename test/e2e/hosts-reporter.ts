import { readFileSync } from 'node:fs';
import type { FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { whyNoElectron } from './hosts/available-hosts.ts';

function lineOf(test: TestCase, result: TestResult): string {
  const mark = result.status === 'passed' ? 'ok' : result.status;
  const [, host, file, ...title] = test.titlePath();
  return `  ${mark.padEnd(8)} ${host}  ${file}  ${title.join(' > ')}  ${result.duration} ms`;
}

/** What the runner wrote down of the page that a test failed on: its tree, as a screen reader has it. */
function pageOf({ attachments }: TestResult): string {
  const { path } = attachments.find(({ name }) => name === 'error-context') ?? {};
  return path === undefined ? '' : `${readFileSync(path, 'utf8')}\n`;
}

/** Prints every test, what failed and why, and which hosts the suite ran on. */
class HostsReporter implements Reporter {
  #suite: Suite | null = null;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    process.stdout.write(`${lineOf(test, result)}\n`);
    for (const error of result.errors) process.stdout.write(`${error.stack ?? error.message}\n`);
    if (result.errors.length > 0) process.stdout.write(pageOf(result));
  }

  onError(error: { message?: string; stack?: string }): void {
    process.stdout.write(`${error.stack ?? error.message}\n`);
  }

  onEnd(result: FullResult): void {
    for (const host of this.#suite?.suites ?? []) {
      const tests = host.allTests();
      const passed = tests.filter((test) => test.outcome() === 'expected').length;
      process.stdout.write(`Host ${host.title}: ${passed} of ${tests.length} tests passed\n`);
    }
    const reason = whyNoElectron();
    if (reason) process.stdout.write(`Host electron: not run, ${reason}\n`);
    process.stdout.write(`End to end: ${result.status}\n`);
  }
}

// biome-ignore lint/style/noDefaultExport: the runner takes a reporter from a file's default export
export default HostsReporter;
