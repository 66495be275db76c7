import { mix32 } from '../model/seeded-random.ts';
import {
  counterNames,
  partOfItems,
  type UsageCounters,
  type UsageItem,
  type UsageRecord,
  type UsageSource,
  usageItems,
} from './usage-object.ts';

/** How many statistics objects there are, and of which periods. */
export interface UsagePlan {
  seed: number;
  /** Objects at the start, over all services. */
  objects: number;
  services: number;
  /** Seconds, as at the end of the names. */
  periodSeconds: number;
  /** The moment at which the newest periods are still under way, milliseconds. */
  now: number;
  /** One in this many periods is missing; 0 for none. */
  gapEvery: number;
}

/** What the totals of {@link UsageStore.truth} are grouped by. */
type UsageGrouping = 'all' | 'user' | 'bucket' | 'bucket-epoch' | 'day' | 'hour' | 'service';

type Adjustment = (record: UsageRecord, items: UsageItem[]) => UsageItem[];

// The ids of the guide's sample, and on from there.
const serviceOffsets = [0x65, 0x67, 0x68, 0x69, 0x6a];
const partsOfGrowth = 9n;

function serviceIdOf(index: number): string {
  const offset = serviceOffsets[index] ?? 0x6b + index - serviceOffsets.length;
  return `80000000000000${offset.toString(16).padStart(2, '0')}`;
}

/** The statistics objects that are on the gateway. Their content is made from the seed when asked for. */
export class UsageStore {
  private readonly plan: UsagePlan;
  private readonly source: UsageSource;
  private readonly records = new Map<string, UsageRecord>();
  private readonly removedAt = new Map<string, number>();
  private readonly hidden = new Set<string>();
  private readonly fetches = new Map<string, number>();
  private readonly alterations = new Map<string, bigint>();
  private readonly adjustments: Adjustment[] = [];
  private readonly staleMs: () => number;
  private readonly clock: () => number;
  private sortedNames: string[] | undefined;
  private settled = false;
  private advanced = 0;

  /** @param clock the gateway's, milliseconds */
  constructor(
    plan: UsagePlan,
    source: UsageSource,
    staleMs: () => number,
    clock: () => number = Date.now,
  ) {
    this.plan = plan;
    this.source = source;
    this.staleMs = staleMs;
    this.clock = clock;
    if (plan.gapEvery === 1) throw new RangeError('gapEvery 1 would leave no period');
    if (plan.services < 1) throw new RangeError('there is at least one service');
    for (let slot = 0; this.records.size < plan.objects; slot += 1) {
      for (let service = 0; service < plan.services; service += 1) {
        if (this.records.size < plan.objects) this.addRecord(service, slot);
      }
    }
  }

  /** Names on the gateway as a list shows them: by service, then by time. */
  names(): readonly string[] {
    this.sortedNames ??= [...this.records.keys()].sort();
    if (this.removedAt.size === 0 && this.hidden.size === 0) return this.sortedNames;
    return this.sortedNames.filter((name) => this.visible(name));
  }

  /** The record of an object that can be read; undefined where there is none. */
  find(name: string): UsageRecord | undefined {
    return this.visible(name) ? this.records.get(name) : undefined;
  }

  /** Every record there ever was, removed ones too. */
  allRecords(): readonly UsageRecord[] {
    return [...this.records.values()];
  }

  /** Whether the period of an object is not over, so that its content still grows. */
  isGrowing(record: UsageRecord): boolean {
    return !this.settled && (record.startTs + record.period) * 1000 > this.clock();
  }

  /**
   * What a fetch yields. An object still growing has more at every fetch.
   * @param changing whether settled objects differ at every fetch too
   */
  fetch(record: UsageRecord, changing: boolean): { period: number; items: UsageItem[] } {
    const count = (this.fetches.get(record.name) ?? 0) + 1;
    this.fetches.set(record.name, count);
    if (changing && count > 1) this.alter(record.name);
    const items = this.items(record);
    if (!this.isGrowing(record)) return { period: record.period, items };
    const part = BigInt(Math.min(count, 8));
    const period = Math.floor((record.period * Number(part)) / Number(partsOfGrowth));
    return { period, items: partOfItems(items, part, partsOfGrowth) };
  }

  /** The items of an object when its period is over, alterations included. */
  items(record: UsageRecord): UsageItem[] {
    const items = this.adjustments.reduce(
      (adjusted, adjust) => adjust(record, adjusted),
      usageItems(this.source, record),
    );
    const first = items[0];
    if (first !== undefined) first.counters.downloaded += this.alterations.get(record.name) ?? 0n;
    return items;
  }

  remove(name: string): void {
    this.removedAt.set(name, Date.now());
  }

  /** Makes the content of a settled object differ from what was fetched before. */
  alter(name: string): void {
    this.alterations.set(name, (this.alterations.get(name) ?? 0n) + 1n);
  }

  /** Changes what objects hold: at the next fetch, and in the truth. */
  adjust(adjustment: Adjustment): void {
    this.adjustments.push(adjustment);
  }

  /** Takes objects out of sight, as if they had not arrived yet. */
  hide(names: Iterable<string>): void {
    for (const name of names) this.hidden.add(name);
  }

  /** Lets hidden objects arrive: late. */
  show(): void {
    this.hidden.clear();
  }

  /** Ends the growth of every object, as if its period were over. */
  settle(): void {
    this.settled = true;
  }

  /** Adds the next period of every service and yields the names. */
  advance(): string[] {
    this.advanced += 1;
    const before = new Set(this.records.keys());
    for (let service = 0; service < this.plan.services; service += 1) {
      this.addRecord(service, -this.advanced);
    }
    this.sortedNames = undefined;
    return [...this.records.keys()].filter((name) => !before.has(name));
  }

  /**
   * The totals whoever collected everything must come to, exact; whatever is still growing is left
   * out, whatever was removed is counted.
   * @param within only objects whose start is in [from, to), milliseconds
   * @returns by user id, bucket name, `name#epoch`, `2026-01-31`, `2026-01-31T17` or service id
   */
  truth(
    grouping: UsageGrouping = 'all',
    within: { from?: number; to?: number } = {},
  ): Map<string, UsageCounters> {
    const totals = new Map<string, UsageCounters>();
    for (const record of this.records.values()) {
      const start = record.startTs * 1000;
      if (start < (within.from ?? 0) || start >= (within.to ?? Infinity)) continue;
      if (this.isGrowing(record)) continue;
      for (const item of this.items(record)) addTo(totals, groupOf(grouping, record, item), item);
    }
    return totals;
  }

  private visible(name: string): boolean {
    const removedAt = this.removedAt.get(name);
    if (removedAt !== undefined && removedAt <= Date.now() - this.staleMs()) return false;
    return !this.hidden.has(name);
  }

  private addRecord(service: number, slot: number): void {
    const { plan } = this;
    const seed = mix32(plan.seed, service * 0x10001, slot);
    if (slot > 0 && plan.gapEvery > 0 && seed % plan.gapEvery === 0) return;
    const newest = this.newestStart(service);
    // Periods begin a few seconds late now and then, and a restarted gateway ends one early.
    const startTs = newest - slot * plan.periodSeconds + (slot === 0 ? 0 : (seed >>> 8) % 5);
    const short = slot > 0 && (seed >>> 16) % 50 === 0;
    const period = short ? Math.floor(plan.periodSeconds * 0.77) : plan.periodSeconds;
    const serviceId = serviceIdOf(service);
    const name = `s3-usage-${serviceId}-${new Date(startTs * 1000).toISOString()}-${plan.periodSeconds}`;
    this.records.set(name, { name, serviceId, startTs, period, slot, seed });
  }

  private newestStart(service: number): number {
    const { seed, now, periodSeconds } = this.plan;
    const seconds = Math.floor(now / 1000);
    const phase = mix32(seed, service, 0x70686173) % Math.max(1, Math.floor(periodSeconds / 6));
    const start = seconds - (seconds % periodSeconds) + phase;
    return start > seconds ? start - periodSeconds : start;
  }
}

function groupOf(grouping: UsageGrouping, record: UsageRecord, item: UsageItem): string {
  const start = new Date(record.startTs * 1000).toISOString();
  switch (grouping) {
    case 'user':
      return item.userId;
    case 'bucket':
      return item.bucket;
    case 'bucket-epoch':
      return `${item.bucket}#${item.epoch}`;
    case 'day':
      return start.slice(0, 10);
    case 'hour':
      return start.slice(0, 13);
    case 'service':
      return record.serviceId;
    default:
      return 'all';
  }
}

function addTo(totals: Map<string, UsageCounters>, group: string, item: UsageItem): void {
  const total = totals.get(group);
  if (total === undefined) totals.set(group, { ...item.counters });
  else for (const name of counterNames) total[name] += item.counters[name];
}
