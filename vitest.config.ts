import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { bundledPrograms } from './test/bundled-programs.ts';
import { guideFiles } from './test/guide-files.ts';
import { part } from './test/part.ts';

// a thread or process that is started from TypeScript spends most of its time on reading its modules
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/node_modules/.cache/compiled`;

export default defineConfig({
  test: {
    // many tests wait for a disk, a process or a pause: one more than there are cores keeps those busy
    maxWorkers: availableParallelism() + 1,
    // beside other workers, threads that help to collect garbage cost more than they save
    execArgv: ['--single-threaded-gc'],
    // a busy machine is no failure: what is waited for is an event, and these ends are for what never comes
    expect: { poll: { timeout: 300_000, interval: 20 } },
    hookTimeout: 600_000,
    testTimeout: 600_000,
    projects: [
      {
        extends: true,
        plugins: [bundledPrograms],
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['test/property-seed.ts'],
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
          // no test changes what another one sees, and loading the modules anew takes as long as the tests
          isolate: false,
        },
      },
      {
        extends: true,
        plugins: [bundledPrograms],
        test: {
          name: 'integration',
          environment: 'node',
          setupFiles: ['test/property-seed.ts'],
          include: ['test/{contract,integration,soak}/**/*.test.ts'],
          exclude: part(guideFiles, []),
          isolate: false,
        },
      },
      {
        extends: true,
        plugins: [bundledPrograms],
        test: {
          // on a gateway that takes nothing but the guide
          name: 'guide',
          environment: 'node',
          include: [...guideFiles, 'test/integration/operations/every-operation.test.ts'],
          isolate: false,
          provide: { profile: 'guide' },
        },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: 'renderer',
          environment: 'jsdom',
          // one window for all files: making it and loading the interface anew takes longer than the tests
          isolate: false,
          include: ['test/unit/renderer/**/*.test.{ts,tsx}'],
          setupFiles: ['test/unit/renderer/setup.ts'],
          // what a page leaves is collected seldom; in the other projects each thread would pay for it
          execArgv: ['--max-semi-space-size=32', '--min-semi-space-size=16'],
        },
      },
    ],
  },
});
