import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Scenario } from './soak.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs files of the tests, which take a small part of their proof, with more of it; yields what they say. */
async function runFiles(
  files: readonly string[],
  environment: Record<string, string>,
): Promise<string> {
  const runner = resolve(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, ...environment };
  const options = { cwd: root, env, maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [runner, 'run', '--testTimeout=3600000', ...files],
    options,
  ).catch((thrown: { stdout?: string }) => {
    throw new Error(thrown.stdout ?? String(thrown));
  });
  return stdout;
}

/** Proofs of which the tests run a part: here in full. */
export const longTests: Readonly<Record<string, Scenario>> = {
  'nights of a month': async () => {
    await runFiles(['test/integration/usage/headless-nights.test.ts'], { NIGHTS: '33' });
    return { nights: 33 };
  },
  'a third of all failures in each dialog': async () => {
    const file = 'test/unit/renderer/changes/operation/every-failure.test.tsx';
    await runFiles([file], { FAILURES_ONE_IN: '3' });
    return { 'one in': 3 };
  },
  'kills of the bills of a month': async ({ random }) => {
    const figures = { customers: 500, kills: 20 };
    const said = await runFiles(['test/integration/customers/killed-bills.test.ts'], {
      BILL_CUSTOMERS: String(figures.customers),
      BILL_KILLS: String(figures.kills),
      BILL_SEED: String(random.below(1_000_000)),
    });
    const [, faults = '0', requests = '0'] = /(\d+) faults in (\d+) requests/.exec(said) ?? [];
    return { ...figures, faults: Number(faults), requests: Number(requests) };
  },
  'kills of an onboarding': async ({ times }) => {
    const kills = times(10);
    // after every user but the last, which ends the run
    const left = Array.from({ length: kills }, (_, index) => kills - index);
    await runFiles(['test/integration/customers/onboarding.test.ts'], {
      ONBOARDING_USERS: String(kills + 1),
      ONBOARDING_KILLS_AT: left.join(),
    });
    return { kills };
  },
  'properties of other values': async ({ random }) => {
    const files = globSync('test/**/*.test.ts', { cwd: root }).filter((file) =>
      readFileSync(resolve(root, file), 'utf8').includes("from 'fast-check'"),
    );
    await runFiles(files, { PROPERTY_SEED: String(random.below(2 ** 31)) });
    return { files: files.length };
  },
};
