import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type SizeChange, uniteSizes } from '#core/store/archive/merge/merge-sizes.ts';

/** What one workstation keeps of a true course of sizes when it looks at these moments. */
function recordOf(
  truth: (bigint | null)[],
  looks: number[],
): { looks: number[]; changes: SizeChange[] } {
  const changes: SizeChange[] = [];
  let before: bigint | null = null;
  for (const at of looks) {
    const bytes = truth[at] ?? null;
    if (bytes === before) continue;
    changes.push({ at, bytes: bytes ?? 0n, extra: 1n, gone: bytes === null });
    before = bytes;
  }
  return { looks, changes };
}

function valueAt(changes: SizeChange[], at: number): bigint | null {
  const last = changes.findLast((change) => change.at <= at);
  return last === undefined || last.gone ? null : last.bytes;
}

const truths = fc.array(fc.option(fc.bigInt({ min: 1n, max: 3n }), { nil: null }), {
  minLength: 1,
  maxLength: 40,
});

it('says at every look of either workstation what was true, and the same when united again', () => {
  fc.assert(
    fc.property(
      truths,
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      (truth, one, two) => {
        const moments = truth.map((_, at) => at);
        const own = recordOf(
          truth,
          moments.filter((at) => one[at]),
        );
        const other = recordOf(
          truth,
          moments.filter((at) => two[at]),
        );
        const united = uniteSizes(own, other);
        for (const at of moments.filter((moment) => one[moment] || two[moment])) {
          expect(valueAt(united, at)).toBe(truth[at]);
        }
        const looks = moments.filter((at) => one[at] || two[at]);
        expect(uniteSizes({ looks, changes: united }, other)).toEqual(united);
      },
    ),
  );
});

it('sees a size go up and come back between two looks of the other', () => {
  const own = recordOf([1n, 1n, 1n, 1n], [0, 2]);
  const other = recordOf([1n, 5n, 1n, 1n], [1]);
  expect(uniteSizes(own, other).map(({ at, bytes }) => [at, bytes])).toEqual([
    [0, 1n],
    [1, 5n],
    [2, 1n],
  ]);
});
