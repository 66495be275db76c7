// Runs everything: types, lint, unit, contract, integration, build, end to end. What CI runs, too.
import { rmSync } from 'node:fs';
import { ensureBundle } from './lib/bundle.js';
import { inRoot } from './lib/paths.js';
import { runNode, tool } from './lib/run.js';
import { command, setUp } from './lib/setup.js';
import { ensureSystemPackages } from './lib/system-packages.js';
import { addCounts, noTests, playwrightCounts, vitestCounts } from './lib/test-counts.js';

const results = inRoot('test-results');
const vitestReport = inRoot('test-results', 'vitest.json');
const playwrightReport = inRoot('test-results', 'e2e.json');

const typescript = tool('typescript', 'bin', 'tsc');
const biome = tool('@biomejs', 'biome', 'bin', 'biome');
const vitest = tool('vitest', 'vitest.mjs');
const playwright = tool('@playwright', 'test', 'cli.js');

async function types() {
  let status = 0;
  for (const project of ['node', 'renderer', 'e2e']) {
    status ||= await runNode([typescript, '-p', `tsconfig.${project}.json`]);
  }
  return status;
}

async function build() {
  await ensureBundle({ force: true });
  return 0;
}

/** In this order; each yields an exit status, and the counts of its tests where it has some. */
const steps = [
  { name: 'types', run: types },
  { name: 'lint', run: () => runNode([biome, 'check', '.']) },
  { name: 'build', run: build },
  {
    name: 'unit, contract, integration',
    run: () =>
      runNode([
        vitest,
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${vitestReport}`,
      ]),
    counts: () => vitestCounts(vitestReport),
  },
  {
    name: 'end to end',
    run: () => runNode([playwright, 'test']),
    counts: () => playwrightCounts(playwrightReport),
  },
];

async function runStep({ name, run, counts }) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  let status = 1;
  try {
    status = await run();
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  const seconds = (performance.now() - start) / 1000;
  return { name, status, seconds, counts: counts?.() ?? null };
}

/** Why a step did not pass, or null. A step of tests in which none ran has not passed. */
function failureOf({ status, counts }) {
  if (status !== 0) return `failed (status ${status})`;
  if (!counts) return null;
  if (counts.passed === 0) return 'failed (no test ran)';
  if (process.env.CI && counts.skipped > 0) return `failed (${counts.skipped} skipped)`;
  return null;
}

function lineOf(done) {
  const { passed, failed, skipped } = done.counts ?? {};
  const counts = done.counts
    ? `  ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
    : '';
  return `  ${done.name.padEnd(28)} ${done.seconds.toFixed(1).padStart(6)} s  ${failureOf(done) ?? 'ok'}${counts}`;
}

await command(async () => {
  const start = performance.now();
  await setUp();
  await ensureSystemPackages();
  rmSync(results, { recursive: true, force: true });
  const all = [];
  for (const step of steps) all.push(await runStep(step));

  const total = all.map(({ counts }) => counts ?? noTests).reduce(addCounts);
  // a step that failed without a failed test (types, lint, build, a crash) is a failure to be seen too
  const failedSteps = all.filter((done) => failureOf(done) && !(done.counts?.failed > 0)).length;
  console.log('\nSteps');
  for (const done of all) console.log(lineOf(done));
  console.log(`  everything, with set-up ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  console.log(`${total.passed} passed, ${total.failed + failedSteps} failed`);
  return total.failed + failedSteps === 0 ? 0 : 1;
});
