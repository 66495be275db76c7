import { expect, it } from 'vitest';
import { readMovers } from '#core/usage/size-history/movers.ts';
import { day, hour } from '#shared/durations.ts';
import { anna, StagedCluster } from '#test/fakes/staged-cluster.ts';

it('says whether there is a sample to compare with, and who grew since', async () => {
  const of = { days: 7, limit: 5 };
  const [fresh, older] = await Promise.all([StagedCluster.open(), StagedCluster.open()]);
  await fresh.sizes({ [anna]: 5 }, hour);
  await older.sizes({ [anna]: 2 }, 8 * day);
  await older.sizes({ [anna]: 5 }, hour);
  expect(await readMovers(fresh.archive, of)).toEqual({ compared: false, risers: [], fallers: [] });
  expect(await readMovers(older.archive, of)).toMatchObject({
    ...{ compared: true, fallers: [] },
    risers: [{ userId: anna, bytes: 5, change: 3 }],
  });
  await Promise.all([fresh.end(), older.end()]);
});
