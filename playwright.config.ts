import { defineConfig } from '@playwright/test';
import { chromiumPath, shortLivedArguments } from './test/e2e/chromium.ts';
import { availableHosts } from './test/e2e/hosts/available-hosts.ts';
import type { HostName } from './test/e2e/hosts/console-host.ts';

// programs that are started from TypeScript spend most of their start on reading their modules
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/node_modules/.cache/compiled`;

/**
 * One suite: the web shell runs all of it, each other host one journey an area (tagged `@journey`).
 * A folder of a host's name holds what only that host has.
 */
export default defineConfig<object, { hostName: HostName }>({
  testDir: 'test/e2e',
  outputDir: 'test-results/playwright',
  fullyParallel: true,
  forbidOnly: true,
  workers: 3,
  retries: 0,
  // a busy machine is no failure: these ends are for what never comes
  timeout: 1_200_000,
  expect: { timeout: 300_000, toPass: { timeout: 300_000 } },
  reporter: [['./test/e2e/hosts-reporter.ts'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    launchOptions: {
      executablePath: chromiumPath,
      args: [...shortLivedArguments],
      // scroll bars take room in a window, and Playwright hides them
      ignoreDefaultArgs: ['--hide-scrollbars'],
    },
    viewport: { width: 1360, height: 860 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // the desktop host, whose window is not opened by the runner, has its motion
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: availableHosts().map((name) => ({
    name,
    testMatch: [`every-host/**/*.spec.ts`, `${name}/**/*.spec.ts`],
    grep: name === 'web' ? /./ : new RegExp(`@journey| ${name}/`),
    use: { hostName: name },
  })),
});
