import { expect, it } from 'vitest';
import { runScenario, scenarios } from './soak.ts';

it.each(Object.entries(scenarios))(
  'nothing is lost, doubled or deleted too early by %s',
  async (_name, scenario) => {
    const figures = await runScenario(scenario, 7, 1);
    expect(Object.keys(figures).length).toBeGreaterThan(0);
  },
  120_000,
);
