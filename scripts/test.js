// Runs everything: types, lint, build, unit, contract, integration, end to end. What CI runs, too.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { ensureBundle } from './lib/bundle.js';
import { inRoot } from './lib/paths.js';
import { withQuickFolder } from './lib/quick-folder.js';
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

/** Each project on one thread: several share what they work out by working it out several times. */
async function types(options) {
  const check = (project) =>
    runNode([typescript, '-p', `tsconfig.${project}.json`, '--singleThreaded'], options);
  return Math.max(...(await Promise.all(['node', 'renderer', 'e2e'].map(check))));
}

function lint(options) {
  return runNode([biome, 'check', '.'], options);
}

async function build() {
  await ensureBundle({ force: true });
  return 0;
}

function unitAndIntegration() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  return runNode([vitest, 'run', ...reporters]);
}

/** What reads TypeScript keeps what it made of it for the next run: temporary files do not outlive one. */
function endToEnd(options) {
  const env = {
    PLAYWRIGHT_TRANSFORM_CACHE_DIR: inRoot('node_modules', '.cache', 'playwright'),
    NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'compiled'),
  };
  return runNode([playwright, 'test'], { ...options, env });
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

/** Runs a step in parallel: it prints into a file, which is shown when all have ended. */
async function runBeside(name, run, counts) {
  const log = inRoot('test-results', `${name.replaceAll(' ', '-')}.log`);
  const output = openSync(log, 'w');
  const done = await runStep(`${name}, printed below`, () => run({ output }), counts);
  closeSync(output);
  return { ...done, name, log };
}

/**
 * All steps. What waits for a browser and what waits for a disk or a gateway share the machine: one
 * after the other they would leave half of it idle.
 */
async function runSteps() {
  // first, since the tests of the packages and of the browsers read it
  const built = await runStep('build', build);
  const beside = [
    runBeside('end to end', endToEnd, () => playwrightCounts(playwrightReport)),
    runBeside('types', types).then(async (done) => [done, await runBeside('lint', lint)]),
  ];
  const counts = () => vitestCounts(vitestReport);
  const tests = await runStep('unit, contract, integration', unitAndIntegration, counts);
  const others = (await Promise.all(beside)).flat();
  for (const { name, log } of others) console.log(`\n== ${name}\n${readFileSync(log, 'utf8')}`);
  return [built, ...others, tests];
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
  const all = await withQuickFolder(runSteps);

  const total = all.map(({ counts }) => counts ?? noTests).reduce(addCounts);
  // a step that failed without a failed test (types, lint, build, a crash) is a failure to be seen too
  const failedSteps = all.filter((done) => failureOf(done) && !(done.counts?.failed > 0)).length;
  console.log('\nSteps');
  for (const done of all) console.log(lineOf(done));
  console.log(`  everything, with set-up ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  console.log(`${total.passed} passed, ${total.failed + failedSteps} failed`);
  return total.failed + failedSteps === 0 ? 0 : 1;
});
