/** What the name of a statistics object says: `s3-usage-<service id>-<ISO start>-<period>`. */
export interface UsageObjectName {
  name: string;
  /** Hexadecimal id of the gateway's service. */
  serviceId: string;
  /** Start of the period, Unix seconds. */
  startTs: number;
  /** The configured period, seconds; what was really counted may differ. */
  period: number;
}

const pattern = /^s3-usage-([0-9A-Za-z]+)-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)-(\d+)$/;

/** Takes a name apart; null where it is not of that form. */
export function parseUsageObjectName(name: string): UsageObjectName | null {
  const parts = pattern.exec(name);
  const milliseconds = Date.parse(parts?.[2] ?? '');
  if (!parts?.[1] || !parts[3] || Number.isNaN(milliseconds)) return null;
  return {
    name,
    serviceId: parts[1],
    startTs: Math.floor(milliseconds / 1000),
    period: Number(parts[3]),
  };
}

/** Whether a name is one that may be sent as `obj`: anything else could mean something else. */
export function isUsageObjectName(name: string): boolean {
  return /^s3-usage-\S+$/.test(name);
}
