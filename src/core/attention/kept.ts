import { isDeepStrictEqual } from 'node:util';
import PQueue from 'p-queue';
import { z } from 'zod';
import { timestamp } from '#shared/contract/define.ts';
import {
  isHappening,
  isMoreSevere,
  severity,
  type signalRow,
  signalThresholds,
} from '#shared/contract/signals.ts';
import type { Archives } from '../clusters/archives.ts';

/** What one evaluation of a cluster keeps for the next. */
const signalMemory = z.object({
  /** Disabled users by when they were first seen disabled, and when the first look was; Unix milliseconds. */
  disabled: z
    .object({ firstLook: z.number(), seen: z.record(z.string(), z.number()) })
    .nullable()
    .default(null),
  /** Changes without a confirmed result among the entries of the journal up to a sequence. */
  unsettled: z
    .object({ until: z.number(), ids: z.array(z.string()) })
    .default({ until: 0, ids: [] }),
});
export type SignalMemory = z.output<typeof signalMemory>;
export const noMemory: SignalMemory = signalMemory.parse({});

const snooze = z.object({
  until: timestamp,
  reason: z.string(),
  by: z.string(),
  /** How severe the signal was. Snoozes of earlier versions don't say: they never hide what is critical. */
  severity: severity.default('warning'),
  at: timestamp.optional(),
  /** The signal was more severe than that, or happened again, since: the snooze is void. */
  overtaken: z.literal(true).optional(),
});

/** Kept in the archive of each cluster. */
const storedAttention = z.object({
  thresholds: signalThresholds.partial().default({}),
  snoozed: z.record(z.string(), snooze).default({}),
  /** When signals that have no time themselves were first found, Unix milliseconds. */
  firstFound: z.record(z.string(), z.number()).default({}),
  memory: signalMemory.default(noMemory),
});
export type StoredAttention = z.output<typeof storedAttention>;
export type StoredSnooze = z.output<typeof snooze>;

const name = 'attention';

/** What the archives keep about signals: thresholds, snoozes, and what looks leave for later ones. */
export class KeptAttention {
  readonly #archives: Pick<Archives, 'get'>;
  /** A change builds on what it read, so changes run one at a time. */
  readonly #turns = new PQueue({ concurrency: 1 });

  constructor(archives: Pick<Archives, 'get'>) {
    this.#archives = archives;
  }

  async read(connectionId: string): Promise<StoredAttention> {
    const archive = await this.#archives.get(connectionId);
    const stored = (await archive.read('readSetting', { name })) ?? {};
    return storedAttention.safeParse(stored).data ?? storedAttention.parse({});
  }

  change(
    connectionId: string,
    change: (stored: StoredAttention) => StoredAttention,
  ): Promise<void> {
    return this.#turns.add(async () => {
      const archive = await this.#archives.get(connectionId);
      const value = change(await this.read(connectionId));
      await archive.write('writeSetting', { name, value });
    });
  }

  /**
   * Keeps what a look found.
   * @param overtaken snoozes that are void from now on; one that was renewed meanwhile is not
   */
  keepLook(
    connectionId: string,
    found: Pick<StoredAttention, 'firstFound' | 'memory'>,
    overtaken: StoredAttention['snoozed'],
  ): Promise<void> {
    return this.change(connectionId, (stored) => {
      const snoozed = Object.entries(stored.snoozed).map(([id, one]) => {
        const isVoid = isDeepStrictEqual(one, overtaken[id]);
        return [id, isVoid ? { ...one, overtaken: true as const } : one] as const;
      });
      return { ...stored, ...found, snoozed: Object.fromEntries(snoozed) };
    });
  }

  /** Snoozes a signal, or ends its snooze. Forgets those that are over. */
  snooze(connectionId: string, signalId: string, snoozed: StoredSnooze | null): Promise<void> {
    const now = new Date().toISOString();
    return this.change(connectionId, (stored) => {
      const kept = Object.entries(stored.snoozed).filter(
        ([id, { until }]) => id !== signalId && until > now,
      );
      const entries = snoozed ? [...kept, [signalId, snoozed] as const] : kept;
      return { ...stored, snoozed: Object.fromEntries(entries) };
    });
  }
}

/** When signals of these kinds were first found; failing to compute them does not end them. */
export function firstFoundOf(
  { firstFound }: StoredAttention,
  connectionId: string,
  kinds: readonly string[],
): StoredAttention['firstFound'] {
  const isOfKinds = (id: string) => kinds.some((kind) => id.startsWith(`${connectionId}/${kind}/`));
  return Object.fromEntries(Object.entries(firstFound).filter(([id]) => isOfKinds(id)));
}

/** A snooze is void once its signal became more severe, even if it is less severe again, or happened again. */
export function snoozeOf(
  snoozed: StoredSnooze | undefined,
  found: Pick<z.output<typeof signalRow>, 'kind' | 'severity' | 'since'>,
): { snoozed?: Omit<StoredSnooze, 'overtaken'> & { overtaken: boolean } } {
  if (!snoozed || snoozed.until <= new Date().toISOString()) return {};
  const isAnother = isHappening(found.kind) && found.since > (snoozed.at ?? found.since);
  const overtaken =
    snoozed.overtaken ?? (isAnother || isMoreSevere(found.severity, snoozed.severity));
  return { snoozed: { ...snoozed, overtaken } };
}
