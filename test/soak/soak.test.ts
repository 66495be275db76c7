import { expect, it } from 'vitest';
import { isSkipped, runScenario, scenarios } from './soak.ts';

it.for(Object.entries(scenarios))(
  'nothing is lost, doubled or deleted too early by %s',
  async ([, scenario], { skip }) => {
    const figures = await runScenario(scenario, 7, 0.4);
    if (isSkipped(figures)) skip(figures.skipped);
    expect(Object.keys(figures).length).toBeGreaterThan(0);
  },
);
