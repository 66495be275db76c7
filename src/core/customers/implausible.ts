import { fromWireInteger } from '#shared/units.ts';
import type { Statement } from '../usage/billing/statement.ts';

type Held = NonNullable<Statement['held']>[number];

/** How many times the period before has to be passed, and from which quantity on it counts. */
const jump = 1000n;
const least: Partial<Record<Held['item'], bigint>> = {
  downloaded: 1_000_000_000n,
  uploaded: 1_000_000_000n,
  put: 100_000n,
  get: 100_000n,
  list: 100_000n,
  other: 100_000n,
};

const names: Record<Held['item'], string> = {
  stored: 'storage',
  downloaded: 'traffic out',
  uploaded: 'traffic in',
  put: 'put operations',
  get: 'get operations',
  list: 'list operations',
  other: 'other operations',
};

function quantities(statement: Statement): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { userId, lines } of statement.users) {
    for (const { item, quantity } of lines) {
      const key = `${userId} ${item}`;
      sums.set(key, (sums.get(key) ?? 0n) + fromWireInteger(quantity));
    }
  }
  return sums;
}

/**
 * Finds lines that nobody should be billed without a look: a counter a thousand times that of the
 * period before, where half of that is on record, and storage that rests on one sample.
 * @param looks when sizes were sampled within the period
 */
export function findImplausible(
  connectionId: string,
  now: Statement,
  before: Statement,
  looks: number,
): Held[] {
  const earlier = quantities(before);
  const isComparable = 2 * before.coverage.coveredHours >= now.coverage.coveredHours;
  const emails = new Map(now.users.map(({ userId, email }) => [userId, email ?? userId]));
  return [...quantities(now)].flatMap(([key, quantity]): Held[] => {
    const [userId = '', item] = key.split(' ') as [string, Held['item']];
    const whose = emails.get(userId) || userId;
    const held = (words: string): Held[] => [{ connectionId, userId, item, words }];
    if (item === 'stored') {
      return looks > 1
        ? []
        : held(`Storage of ${whose} rests on one sample of sizes: look at it, then accept it.`);
    }
    const old = earlier.get(key) ?? 0n;
    if (!isComparable || old === 0n || quantity < jump * old) return [];
    if (quantity < (least[item] ?? 0n)) return [];
    const times = (quantity / old).toLocaleString('en-US');
    return held(
      `The ${names[item]} of ${whose} came to ${times} times the period before: look at it, then accept it.`,
    );
  });
}
