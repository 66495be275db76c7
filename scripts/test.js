// Runs everything: types, lint, build, unit, contract, integration, end to end. What CI runs, too.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { ensureBundle } from './lib/bundle.js';
import { inRoot } from './lib/paths.js';
import { runNode, tool } from './lib/run.js';
import { command, setUp } from './lib/setup.js';
import { ensureSystemPackages } from './lib/system-packages.js';
import { addCounts, noTests, playwrightCounts, vitestCounts } from './lib/test-counts.js';

const results = inRoot('test-results');
const vitestReport = inRoot('test-results', 'vitest.json');
const playwrightReport = inRoot('test-results', 'e2e.json');
const endToEndLog = inRoot('test-results', 'e2e.log');

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

function lint() {
  return runNode([biome, 'check', '.']);
}

async function build() {
  await ensureBundle({ force: true });
  return 0;
}

function unitAndIntegration() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  return runNode([vitest, 'run', ...reporters]);
}

/** Runs a step; yields its exit status, and the counts of its tests where it has some. */
async function runStep(name, run, counts) {
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

/** The browsers' step prints into a file, which is shown when the step beside it has ended. */
async function runEndToEnd() {
  const output = openSync(endToEndLog, 'w');
  const run = () => runNode([playwright, 'test'], { output });
  const done = await runStep('end to end, printed below', run, () =>
    playwrightCounts(playwrightReport),
  );
  closeSync(output);
  return { ...done, name: 'end to end' };
}

/**
 * All steps. What waits for a browser and what waits for a disk or a gateway share the machine: one
 * after the other they would leave half of it idle.
 */
async function runSteps() {
  const built = runStep('build', build);
  const endToEnd = built.then(runEndToEnd);
  const all = [await runStep('types', types), await runStep('lint', lint), await built];
  // after the build, which the tests of the packages read
  const counts = () => vitestCounts(vitestReport);
  all.push(await runStep('unit, contract, integration', unitAndIntegration, counts));
  all.push(await endToEnd);
  console.log(`\n== end to end\n${readFileSync(endToEndLog, 'utf8')}`);
  return all;
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
  await Promise.all([setUp(), ensureSystemPackages()]);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results);
  const all = await runSteps();

  const total = all.map(({ counts }) => counts ?? noTests).reduce(addCounts);
  // a step that failed without a failed test (types, lint, build, a crash) is a failure to be seen too
  const failedSteps = all.filter((done) => failureOf(done) && !(done.counts?.failed > 0)).length;
  console.log('\nSteps');
  for (const done of all) console.log(lineOf(done));
  console.log(`  everything, with set-up ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  console.log(`${total.passed} passed, ${total.failed + failedSteps} failed`);
  return total.failed + failedSteps === 0 ? 0 : 1;
});
