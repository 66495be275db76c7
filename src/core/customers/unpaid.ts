import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archives } from '../clusters/archives.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import type { Customers } from './customers.ts';
import type { DemoBilling } from './demo-billing.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Unpaid = CallOutput<'customers.unpaid'>;
type Traffic = Unpaid['rows'][number]['traffic'];

/** The last calendar month that is over, UTC. */
function lastMonth(now = new Date()): { from: string; to: string } {
  const start = (monthsBack: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsBack, 1)).toISOString();
  return { from: start(1), to: start(0) };
}

/** Users that belong to no customer, largest first, with last month's traffic as archived. */
export async function listUnpaid(
  {
    store,
    customers,
    archives,
    demoBilling,
  }: {
    store: CustomerStore;
    customers: Customers;
    archives: Archives;
    demoBilling: Pick<DemoBilling, 'reading'>;
  },
  page: ParsedInput<'customers.unpaid'>,
): Promise<Unpaid> {
  const month = lastMonth();
  const unread = demoBilling.reading.customers || (await customers.isUnread());
  if (unread) {
    const none = { total: 0, notBilled: 0, totalBytes: 0, rows: [] };
    return { ...none, month: month.from.slice(0, 7), unread };
  }
  await customers.syncClusters();
  const { rows, ...sums } = await store.ask('unpaid', page);
  const traffic = new Map<string, Map<string, Traffic> | null>();
  for (const connectionId of new Set(rows.map((row) => row.connectionId))) {
    // a cluster whose archive can't be read keeps the list from nobody
    traffic.set(connectionId, await readTraffic(archives, connectionId, month).catch(() => null));
  }
  const none = { uploaded: 0, downloaded: 0 };
  return {
    ...sums,
    ...{ month: month.from.slice(0, 7), unread },
    rows: rows.map((row) => {
      const users = traffic.get(row.connectionId) ?? null;
      return { ...row, traffic: users && (users.get(row.userId.toLowerCase()) ?? none) };
    }),
  };
}

/** Traffic by user; null where no statistics of the month are archived. */
async function readTraffic(
  archives: Archives,
  connectionId: string,
  month: { from: string; to: string },
): Promise<Map<string, Traffic> | null> {
  const archive = await archives.get(connectionId);
  const query = { ...hoursOf(month), groupBy: 'user', filter: {} } as const;
  const groups = await archive.read('reportGroups', query);
  if (groups.length === 0) return null;
  return new Map(
    groups.map(({ userId, uploaded, downloaded }) => [
      userId?.toLowerCase() ?? '',
      { uploaded: toWireInteger(uploaded), downloaded: toWireInteger(downloaded) },
    ]),
  );
}
