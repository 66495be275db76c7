import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { type AppError, notFound } from '#shared/errors.ts';
import { comparable, searchedText } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { endsAt } from '../../store/archive/objects/read-object.ts';
import type { ListedObject } from '../../store/archive/queries/listing.ts';
import { millisecondsToIso, secondsToIso } from '../coverage/report-period.ts';
import { GatewayClock } from './gateway-clock.ts';
import { listAllObjects } from './list-objects.ts';

type Input = Omit<ParsedInput<'usage.objects'>, 'connectionId'>;
type Output = CallOutput<'usage.objects'>;
type Row = Output['rows'][number];

/** A list younger than this is shown without asking the gateway again, milliseconds. */
const freshFor = 60_000;

/** Lists the objects on the gateway, or as last seen if it can't be reached. */
export class ObjectsOnGateway {
  readonly #ignored = new Map<string, string[]>();
  readonly #clocks = new Map<string, GatewayClock>();

  async list(
    cluster: Cluster,
    archive: Archive,
    input: Input,
    signal: AbortSignal,
  ): Promise<Output> {
    const { id } = cluster.connection;
    const before = await archive.read('readListing');
    const isFresh = before !== null && Date.now() - before.listedAt < freshFor;
    let source: Output['source'] = 'gateway';
    let listing = before;
    if (input.refresh || !isFresh) {
      try {
        const clock = new GatewayClock();
        this.#ignored.set(id, await readList(cluster, archive, clock, signal));
        this.#clocks.set(id, clock);
        listing = await archive.read('readListing');
      } catch (thrown) {
        if (before === null || input.refresh) throw thrown;
        source = 'last-seen';
      }
    }
    const objects = listing?.objects ?? [];
    const moments = momentsOf(this.#clocks.get(id));
    const rows = objects.map((object) => toRow(object, moments));
    const matching = rows.filter((row) => matches(row, input));
    return {
      total: matching.length,
      rows: matching.slice(input.offset, input.offset + input.limit),
      asOf: listing === null ? null : millisecondsToIso(listing.listedAt),
      source,
      complete: listing?.complete ?? false,
      ignored: this.#ignored.get(id) ?? [],
      backlog: await backlogOf(archive, rows),
    };
  }
}

async function readList(
  cluster: Cluster,
  archive: Archive,
  clock: GatewayClock,
  signal: AbortSignal,
): Promise<string[]> {
  const gateway = await cluster.gateway();
  const listedAt = Date.now();
  const onDate = (date: string | undefined): void => void clock.heard(date, Date.now());
  const dated: Pick<Gateway, 'listUsageObjects'> = {
    listUsageObjects: (page, options) => gateway.listUsageObjects(page, { ...options, onDate }),
  };
  const list = await listAllObjects(dated, Math.floor(listedAt / 1000), signal);
  const { complete, objects, ignored } = list;
  if (!archive.readOnly) await archive.write('recordListing', { listedAt, complete, objects });
  return [...new Set(ignored)].slice(0, 1000);
}

/** Up to when objects are over, and have rested for long enough, by the earlier clock; Unix seconds. */
interface Moments {
  over: number;
  rested: number;
}

function momentsOf(clock: GatewayClock | undefined): Moments {
  const over = (clock?.earlierOf(Date.now()) ?? Date.now()) / 1000;
  if (clock?.findings().dates === 'none') return { over, rested: Number.NEGATIVE_INFINITY };
  return { over, rested: over - (clock?.margin ?? 0) / 1000 };
}

function toRow(
  { name, serviceId, start, nominal, archived, removableFrom, failure }: ListedObject,
  { over, rested }: Moments,
): Row {
  return {
    name,
    serviceId,
    startAt: secondsToIso(start),
    period: nominal,
    state: endsAt(start, nominal) > over ? 'growing' : 'closed',
    archived,
    removable: removableFrom !== null && removableFrom <= rested,
    ...(failure ? { failure } : {}),
  };
}

function matches(row: Row, { search, archived }: Input): boolean {
  if (archived !== undefined && row.archived !== archived) return false;
  return comparable(row.name).includes(searchedText(search));
}

async function backlogOf(archive: Archive, rows: readonly Row[]): Promise<Output['backlog']> {
  const { objects, rawBytes } = await archive.read('extent');
  const notArchived = rows.filter((row) => !row.archived);
  return {
    objects: rows.length,
    notArchived: notArchived.length,
    removable: rows.filter(({ removable }) => removable).length,
    growing: rows.filter(({ state }) => state === 'growing').length,
    failed: rows.filter(({ failure }) => failure !== undefined).length,
    oldest: rows[0]?.startAt ?? null,
    newest: rows.at(-1)?.startAt ?? null,
    estimatedBytes:
      objects === 0
        ? null
        : toWireInteger((BigInt(rawBytes) * BigInt(rows.length)) / BigInt(objects)),
  };
}

export function noSuchObject(name: string): AppError {
  return notFound(
    `There is no statistics object ${name}, neither in the archive nor on the gateway.`,
    'It may have been deleted before it was collected here: take a name from the list.',
  );
}
