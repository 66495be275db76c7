/** One entry to write into a statistics object. */
export interface StatisticsEntry {
  bucket: string;
  epoch?: number;
  userId: string;
  put?: bigint | number;
  get?: bigint | number;
  list?: bigint | number;
  other?: bigint | number;
  uploaded?: bigint | number;
  downloaded?: bigint | number;
}

/** The name of a statistics object. `start` in Unix seconds, `period` in seconds. */
export function statisticsName(serviceId: string, start: number, period: number): string {
  return `s3-usage-${serviceId}-${new Date(start * 1000).toISOString()}-${period}`;
}

/** The text of a statistics object as the vendor's guide prints one, `service_id` unquoted. */
export function statisticsText(
  serviceId: string,
  start: number,
  period: number,
  entries: readonly StatisticsEntry[],
): string {
  const items = entries.map(
    ({ bucket, epoch = 0, userId, put = 0, get = 0, list = 0, other = 0, ...traffic }) =>
      `{"key":{"bucket":${JSON.stringify(bucket)},"epoch":${epoch},"user_id":"${userId}","tag":""},` +
      `"counters":{"ops":{"put":${put},"get":${get},"list":${list},"other":${other}},` +
      `"net_io":{"uploaded":${traffic.uploaded ?? 0},"downloaded":${traffic.downloaded ?? 0}}}}`,
  );
  return `{"fmt_version":1,"service_id":${serviceId},"start_ts":${start},"period":${period},"nr_items":${items.length},"items":[${items.join(',')}]}`;
}

/** A fetched statistics object, ready to be archived. */
export function fetchedObject(
  serviceId: string,
  start: number,
  period: number,
  entries: readonly StatisticsEntry[],
): { name: string; serviceId: string; start: number; nominal: number; bytes: Uint8Array } {
  return {
    name: statisticsName(serviceId, start, period),
    serviceId,
    start,
    nominal: period,
    bytes: new TextEncoder().encode(statisticsText(serviceId, start, period, entries)),
  };
}
