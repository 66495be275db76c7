import { expect, it } from 'vitest';
import { GatheredValues } from '#core/clusters/inventory/run-inventory.ts';
import type { TargetValue } from '#core/store/snapshot/writes/save-values.ts';

const value = (id: string): TargetValue => ({ part: 'gone', target: { kind: 'user', id } });

function recorder(every: number) {
  const saved: string[][] = [];
  const reported: number[] = [];
  const values = new GatheredValues({
    every,
    save: async (batch) => {
      await Promise.resolve();
      saved.push(batch.map((one) => ('target' in one ? one.target.id : '')));
    },
    onSaved: () => reported.push(saved.length),
  });
  return { values, saved, reported };
}

it('saves what was gathered once it is time, and tells after each saving', async () => {
  const { values, saved, reported } = recorder(0);
  await Promise.all(['a', 'b', 'c'].map((id) => values.add([value(id)])));
  await values.flush();
  expect(saved.flat().toSorted()).toEqual(['a', 'b', 'c']);
  expect(reported).toEqual(saved.map((_, index) => index + 1));
});

it('keeps values together until then, and saves what is left when asked to', async () => {
  const { values, saved, reported } = recorder(3_600_000);
  for (const id of ['a', 'b']) await values.add([value(id)]);
  expect(saved).toEqual([]);
  await values.flush();
  await values.flush();
  expect(saved).toEqual([['a', 'b']]);
  expect(reported).toEqual([1]);
});
