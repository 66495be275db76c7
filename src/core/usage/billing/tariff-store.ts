import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { isFree, type Prices, type Tariff } from '#shared/billing/charges.ts';
import { currencyDecimals, inCurrency } from '#shared/billing/money.ts';
import { compareNames } from '#shared/collation-key.ts';
import { tariffBody } from '#shared/contract/tariffs.ts';
import { formatCounted } from '#shared/counted.ts';
import { invalidInput, notFound } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { StoredTariff } from '../../store/archive/queries/tariffs.ts';

export type TariffBody = z.output<typeof tariffBody>;
type KeptBody = Omit<Tariff, 'tariffId' | 'version' | 'savedAt'>;

const retiredSetting = 'tariffs.retired';

function toTariff({ tariffId, version, body, savedAt }: StoredTariff): Tariff {
  return {
    ...pricedInCurrency(tariffBody.parse(body)),
    tariffId,
    version,
    savedAt: new Date(savedAt).toISOString(),
  };
}

/** Prices in minor units, as tariffs were saved once, become the same prices in the currency. */
function pricedInCurrency({ pricesIn, ...body }: TariffBody): KeptBody {
  const { minorDigits, prices } = body;
  if (pricesIn === 'currency') return { ...body, pricesIn };
  const convert = (price: string): string => inCurrency(price, minorDigits);
  return { ...body, pricesIn: 'currency', prices: prices.map((one) => mapPrices(one, convert)) };
}

function mapPrices(
  { validFrom, tiers, ...prices }: Prices,
  convert: (price: string) => string,
): Prices {
  const converted = Object.entries(prices).map(([name, price]) => [name, price && convert(price)]);
  const steps = Object.entries(tiers ?? {}).map(([item, list]) => [
    item,
    list?.map((tier) => ({ ...tier, price: convert(tier.price) })),
  ]);
  return {
    validFrom,
    ...(Object.fromEntries(converted) as Omit<Prices, 'validFrom' | 'tiers'>),
    ...(tiers === undefined ? {} : { tiers: Object.fromEntries(steps) }),
  };
}

/** Tariffs of one connection, in its archive: versions are added, never changed. */
export class TariffStore {
  readonly #archive: Archive;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  /** The newest version of each that is not retired, by name. */
  async list(): Promise<Tariff[]> {
    const retired = await this.#retired();
    const newest = new Map<string, StoredTariff>();
    for (const tariff of await this.#archive.read('readTariffs', { tariffId: null })) {
      if (!retired.includes(tariff.tariffId)) newest.set(tariff.tariffId, tariff);
    }
    return [...newest.values()]
      .map(toTariff)
      .sort((left, right) => compareNames(left.name, right.name));
  }

  /** One version, or the newest. @throws `NOT_FOUND` */
  async get(tariffId: string, version: number | null): Promise<Tariff> {
    const stored = await this.#archive.read('readTariff', { tariffId, version });
    if (stored) return toTariff(stored);
    throw notFound(
      'This connection has no such tariff.',
      'Take one from the list of tariffs; each connection has its own.',
    );
  }

  /** Every version of one, oldest first. */
  async versions(tariffId: string): Promise<Tariff[]> {
    return (await this.#archive.read('readTariffs', { tariffId })).map(toTariff);
  }

  /** Saves a new tariff, or the next version of one. @throws `NOT_FOUND`, `INPUT_INVALID` */
  async save(tariffId: string | undefined, body: TariffBody): Promise<Tariff> {
    const before = tariffId === undefined ? null : await this.get(tariffId, null);
    const { countPer = before ? (before.countPer ?? 'user') : 'customer' } = body;
    assertSound(body);
    const stored = await this.#archive.write('addTariffVersion', {
      tariffId: tariffId ?? randomUUID(),
      body: pricedInCurrency({ ...body, countPer }),
      savedAt: Date.now(),
    });
    return toTariff(stored);
  }

  /** Takes a tariff off the list. Its versions stay, so that bills can be made again. */
  async retire(tariffId: string): Promise<void> {
    await this.get(tariffId, null);
    const value = [...new Set([...(await this.#retired()), tariffId])];
    await this.#archive.write('writeSetting', { name: retiredSetting, value });
  }

  async #retired(): Promise<string[]> {
    const value = await this.#archive.read('readSetting', { name: retiredSetting });
    return (value as string[] | null) ?? [];
  }
}

function assertSound(body: TariffBody): void {
  assertOrdered(body);
  assertDecimals(body);
  for (const { storedPerGbHour, storedPerGbMonth, tiers = {} } of body.prices) {
    if (!isFree(storedPerGbHour) && !isFree(storedPerGbMonth)) {
      throw invalidInput(
        'Storage is priced by the GB-hour and by the GB-month at once.',
        'Set one of both to 0.',
      );
    }
    for (const [item, list = []] of Object.entries(tiers)) {
      const bounds = list.map(({ above }) => fromWireInteger(above));
      if (bounds.every((above, index) => above > (bounds[index - 1] ?? 0n))) continue;
      throw invalidInput(
        `The tiers of "${item}" must ascend.`,
        'Each tier begins above the one before it, the first above 0.',
      );
    }
  }
}

function assertDecimals({ currency, minorDigits }: TariffBody): void {
  const decimals = currencyDecimals(currency);
  if (minorDigits === decimals) return;
  throw invalidInput(
    `${currency} has ${formatCounted(decimals, 'decimal')} (ISO 4217), not ${minorDigits}.`,
    `Set the tariff's digits of the minor unit to ${decimals}.`,
  );
}

function assertOrdered({ prices }: TariffBody): void {
  const times = prices.map(({ validFrom }) => Date.parse(validFrom));
  if (times.every((time, index) => index === 0 || time > (times[index - 1] ?? time))) return;
  throw invalidInput(
    'The prices are not in the order of time, or two begin at once.',
    'Sort them by the moment from which they hold.',
  );
}
