import { parseArgs } from 'node:util';
import { longTests } from './long-tests.ts';
import { isSkipped, runScenario, type SoakFigures, scenarios } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed)) {
  process.stderr.write('Usage: npm run soak -- [--minutes N] [--seed S] [--only WORD]\n');
  process.exit(2);
}
const selected = Object.entries({ ...scenarios, ...longTests }).filter(([name]) =>
  name.includes(values.only ?? ''),
);
const totals = new Map<string, SoakFigures>();
const end = performance.now() + minutes * 60_000;
const skipped = new Map<string, string>();
let failed = 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function figuresText(figures: SoakFigures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${value} ${name}`)
    .join(', ');
}

function addUp(name: string, figures: SoakFigures): void {
  const sum = totals.get(name) ?? { runs: 0 };
  sum.runs = (sum.runs ?? 0) + 1;
  for (const [figure, value] of Object.entries(figures)) sum[figure] = (sum[figure] ?? 0) + value;
  totals.set(name, sum);
}

for (let seed = firstSeed; performance.now() < end; seed += 1) {
  for (const [name, scenario] of selected) {
    if (performance.now() >= end) break;
    const started = performance.now();
    try {
      const figures = await runScenario(scenario, seed, 3);
      if (isSkipped(figures)) {
        skipped.set(name, figures.skipped);
        say(`seed ${seed}: ${name}: SKIPPED: ${figures.skipped}`);
        continue;
      }
      addUp(name, figures);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(`seed ${seed}: ${name}: ${figuresText(figures)} (${seconds} s)`);
    } catch (thrown) {
      failed += 1;
      say(`seed ${seed}: ${name}: FAILED: ${thrown instanceof Error ? thrown.stack : thrown}`);
    }
  }
}
say('');
for (const [name, figures] of totals) say(`${name}: ${figuresText(figures)}`);
for (const [name, why] of skipped) say(`${name}: SKIPPED: ${why}`);
for (const [name] of selected) {
  if (!totals.has(name) && !skipped.has(name)) say(`${name}: NOT REACHED in ${minutes} min`);
}
say(
  failed === 0 ? 'Nothing was lost.' : `${failed} runs failed; repeat one with --seed and --only.`,
);
process.exit(failed === 0 ? 0 : 1);
