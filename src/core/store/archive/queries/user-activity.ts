import type { DatabaseSync } from 'node:sqlite';
import type { SharedRows } from '../../sqlite/select-rows.ts';
import { shareText } from '../../sqlite/shared-text.ts';

/** Users read at once: some hundredths of a second. */
const usersAtOnce = 500;

interface ActivityQuery {
  /** The last user of the part before; empty at first. */
  after: string;
  /** Days since 1970. */
  from: number;
  to: number;
}

/** Bytes in two halves, each of which can be added up without passing 64 bits. */
const halves = `sum((d.uploaded >> 20) + (d.downloaded >> 20)) AS high,
  sum((d.uploaded & 1048575) + (d.downloaded & 1048575)) AS low`;

const activity = `
  WITH page AS (SELECT DISTINCT user_id FROM subject WHERE user_id > :after
    ORDER BY user_id LIMIT ${usersAtOnce}),
  days AS (SELECT s.user_id, d.day, ${halves} FROM page
    CROSS JOIN subject AS s ON s.user_id = page.user_id
    CROSS JOIN usage_subject_day AS d ON d.subject_id = s.id AND d.day >= :from AND d.day <= :to
    GROUP BY s.user_id, d.day)
  SELECT page.user_id, (SELECT max((SELECT max(day) FROM usage_subject_day AS d
      WHERE d.subject_id = s.id)) FROM subject AS s WHERE s.user_id = page.user_id) AS last_day,
    json_group_array(json_array(day, high, low)) FILTER (WHERE day IS NOT NULL) AS days
  FROM page LEFT JOIN days USING (user_id) GROUP BY page.user_id ORDER BY page.user_id`;

export function activityReaders(database: DatabaseSync) {
  return {
    /**
     * Traffic of users in some days, and when they had any last: put into rows here, not by who asks.
     * @returns `[user id, traffic, how it spreads over the days, the last day with any]` each
     */
    userActivity: ({ after, from, to }: ActivityQuery): SharedRows => {
      const found = database.prepare(activity).all({ after, from, to });
      const rows = found.map(({ user_id: userId, last_day: lastDay, days }) => {
        const of = JSON.parse(String(days ?? '[]')) as [day: number, high: number, low: number][];
        return [userId, ...spread(of, from, to), lastDay === null ? null : Number(lastDay)];
      });
      const last = found.length < usersAtOnce ? null : String(found.at(-1)?.user_id);
      return { rows: shareText(JSON.stringify(rows)), last };
    },
  };
}

const mostStored = 2n ** 63n - 1n;

/** The sum of some days, and how it spreads over all of them: against the day with most. */
function spread(
  of: readonly [day: number, high: number, low: number][],
  from: number,
  to: number,
): [traffic: string, days: string] {
  const bytes = new Array<bigint>(to - from + 1).fill(0n);
  for (const [at, high, low] of of) bytes[at - from] = (BigInt(high) << 20n) + BigInt(low);
  const total = bytes.reduce((sum, of) => sum + of, 0n);
  const [most = 0n] = bytes.toSorted((one, other) => (one < other ? 1 : -1));
  const level = (of: bigint): bigint => (of === 0n ? 0n : (of * 31n + most - 1n) / most);
  const traffic = total > mostStored ? mostStored : total;
  return [traffic.toString(), bytes.map((of) => level(of).toString(32)).join('')];
}
