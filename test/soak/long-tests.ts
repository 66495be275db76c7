import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Scenario } from './soak.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs one file of the tests, which take a small part of its proof, with more of it. */
async function runFile(file: string, environment: Record<string, string>): Promise<void> {
  const runner = resolve(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, ...environment };
  const options = { cwd: root, env, maxBuffer: 1 << 26 };
  await promisify(execFile)(
    process.execPath,
    [runner, 'run', '--testTimeout=3600000', file],
    options,
  ).catch((thrown: { stdout?: string }) => {
    throw new Error(thrown.stdout ?? String(thrown));
  });
}

/** Proofs of which the tests run a part: here in full. */
export const longTests: Readonly<Record<string, Scenario>> = {
  'nights of a month': async () => {
    await runFile('test/integration/usage/headless-nights.test.ts', { NIGHTS: '33' });
    return { nights: 33 };
  },
  'kills of draft invoices': async ({ random, times }) => {
    const kills = times(10);
    await runFile('test/integration/customers/killed-drafts.test.ts', {
      DRAFT_KILLS: String(kills),
      DRAFT_CUSTOMERS: String(kills + 10),
      DRAFT_SEED: String(random.below(1_000_000)),
    });
    return { kills };
  },
};
