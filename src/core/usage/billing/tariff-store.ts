import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { StoredTariff } from '../../store/archive/queries/tariffs.ts';
import type { Tariff } from './charges.ts';

/** What a tariff says, without its number and version. */
export type TariffBody = Omit<Tariff, 'tariffId' | 'version' | 'savedAt'>;

const retiredSetting = 'tariffs.retired';

function toTariff({ tariffId, version, body, savedAt }: StoredTariff): Tariff {
  return {
    ...(body as TariffBody),
    tariffId,
    version,
    savedAt: new Date(savedAt).toISOString(),
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
      .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  }

  /** One version, or the newest. @throws `NOT_FOUND` */
  async get(tariffId: string, version: number | null): Promise<Tariff> {
    const stored = await this.#archive.read('readTariff', { tariffId, version });
    if (stored) return toTariff(stored);
    throw new AppError({
      code: 'NOT_FOUND',
      message: 'This connection has no such tariff.',
      hint: 'Take one from the list of tariffs; each connection has its own.',
    });
  }

  /** Every version of one, oldest first. */
  async versions(tariffId: string): Promise<Tariff[]> {
    return (await this.#archive.read('readTariffs', { tariffId })).map(toTariff);
  }

  /** Saves a new tariff, or the next version of one. @throws `NOT_FOUND`, `INPUT_INVALID` */
  async save(tariffId: string | undefined, body: TariffBody): Promise<Tariff> {
    if (tariffId !== undefined) await this.get(tariffId, null);
    assertOrdered(body);
    const stored = await this.#archive.write('addTariffVersion', {
      tariffId: tariffId ?? randomUUID(),
      body,
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

function assertOrdered({ prices }: TariffBody): void {
  const times = prices.map(({ validFrom }) => Date.parse(validFrom));
  if (times.every((time, index) => index === 0 || time > (times[index - 1] ?? time))) return;
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'The prices are not in the order of time, or two begin at once.',
    hint: 'Sort them by the moment from which they hold.',
  });
}
