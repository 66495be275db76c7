import type { DatabaseSync } from 'node:sqlite';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { compressRaw, rawEncoding, sha256 } from '../file/encodings.ts';
import type { ReadObject } from '../objects/object-scanner.ts';
import {
  endsAt,
  readUsageObject,
  settlesAt,
  settlingMargin,
  type UsageName,
} from '../objects/read-object.ts';
import { CounterTable } from './counter-table.ts';
import { VariantTable } from './variants.ts';

export interface FetchedObject extends UsageName {
  bytes: Uint8Array;
  /**
   * When it was read, by the earlier of this computer's clock and the gateway's; Unix milliseconds.
   * Null where the gateway gave no time: then it is archived and does not settle. Omitted: `now`.
   */
  readAt?: number | null;
}

/**
 * What became of one fetched object. Only where `settled` says so may it be deleted at the source:
 * then what is archived is what is there, and will not change.
 */
export type IngestOutcome =
  | { name: string; outcome: 'archived'; settled: boolean }
  /** Archived before with the same content. */
  | { name: string; outcome: 'same'; settled: boolean; wasSettled: boolean }
  /** Archived before its time and grown since: this content counts now, the earlier is kept next to it. */
  | { name: string; outcome: 'grown'; settled: boolean }
  /** Archived before with other content: this one is kept next to it. */
  | { name: string; outcome: 'conflict' }
  /** Its period is not over: not archived. */
  | { name: string; outcome: 'growing' }
  | { name: string; outcome: 'unreadable'; error: AppErrorData };

interface Arrival {
  fetched: FetchedObject;
  digest: string;
  raw: Uint8Array;
  object: ReadObject;
}

const hourSeconds = 3600;

/** Archives fetched statistics objects, each once. */
export function ingestWriters(database: DatabaseSync) {
  const ingest = new Ingest(database);
  return {
    /**
     * Archives objects raw and taken apart, with their sums, all in one transaction that is on the
     * disk when this returns.
     * @param input `now` in Unix milliseconds; `margin`: how much longer than {@link settlesAt} an
     *   object has to rest until it is settled, milliseconds
     */
    ingestObjects: (input: {
      objects: FetchedObject[];
      now: number;
      margin?: number;
    }): IngestOutcome[] => ingest.run(input),
  };
}

class Ingest {
  readonly #database: DatabaseSync;
  readonly #counters: CounterTable;
  readonly #variants: VariantTable;
  readonly #find;
  readonly #addObject;
  readonly #addRaw;
  readonly #wasLate;
  readonly #forgetFailure;
  readonly #settle;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#counters = new CounterTable(database);
    this.#variants = new VariantTable(database);
    this.#find = database.prepare('SELECT * FROM usage_object WHERE name = ?');
    this.#addObject = database.prepare(
      `INSERT INTO usage_object (id, name, service, start, period, nominal, digest, bytes,
         first_counter, counters, late, settled, conflicts, collected_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    );
    this.#addRaw = database.prepare('INSERT INTO usage_raw VALUES (?, ?, ?)');
    // Late: a complete list that was read when the object was due did not have it.
    this.#wasLate = database.prepare(
      `SELECT 1 FROM usage_listing WHERE complete = 1 AND listed_at >= ?1 AND listed_at <
         coalesce((SELECT first_listed FROM usage_listed WHERE name = ?2), ?3) LIMIT 1`,
    );
    this.#settle = database.prepare('UPDATE usage_object SET settled = 1 WHERE id = ?');
    this.#forgetFailure = database.prepare('DELETE FROM usage_failure WHERE name = ?');
  }

  run({
    objects,
    now,
    margin = 0,
  }: {
    objects: readonly FetchedObject[];
    now: number;
    margin?: number;
  }): IngestOutcome[] {
    // Reading comes before the transaction, which holds up every other writer.
    const read = objects.map((fetched) => this.#read(fetched));
    try {
      return inTransaction(this.#database, () => {
        this.#counters.begin();
        const outcomes = read.map((one) => ('outcome' in one ? one : this.#take(one, now, margin)));
        this.#counters.flush();
        return outcomes;
      });
    } catch (thrown) {
      this.#counters.forget();
      throw thrown;
    }
  }

  #read(fetched: FetchedObject): Arrival | IngestOutcome {
    try {
      const object = readUsageObject(fetched, fetched.bytes);
      const { bytes } = fetched;
      return { fetched, digest: sha256(bytes), raw: compressRaw(bytes), object };
    } catch (thrown) {
      const error = toAppError(thrown).toData();
      return { name: fetched.name, outcome: 'unreadable', error };
    }
  }

  #take(read: Arrival, now: number, margin: number): IngestOutcome {
    const { fetched, object } = read;
    const { name, nominal, readAt = now } = fetched;
    const start = Math.max(fetched.start, object.startTs);
    if (endsAt(start, nominal, object.period) * 1000 > (readAt ?? now)) {
      return { name, outcome: 'growing' };
    }
    const restedAt = settlesAt(start, nominal, object.period) * 1000 + margin;
    const settled = readAt !== null && restedAt <= readAt;
    const existing = this.#find.get(name);
    if (existing) return this.#compare(existing, read, settled, now);
    this.#add(read, settled, now);
    return { name, outcome: 'archived', settled };
  }

  #compare(
    existing: Record<string, unknown>,
    { fetched, digest, object }: Arrival,
    settled: boolean,
    now: number,
  ): IngestOutcome {
    const { name, bytes } = fetched;
    const id = Number(existing.id);
    const wasSettled = Number(existing.settled) === 1;
    const same =
      existing.digest === digest ||
      this.#variants.isSettled(id, digest) ||
      this.#variants.repeats(id, object);
    if (same) {
      if (settled && !wasSettled) this.#settle.run(id);
      this.#forgetFailure.run(name);
      return { name, outcome: 'same', settled, wasSettled };
    }
    this.#variants.keep(id, digest, bytes, now);
    if (wasSettled) return { name, outcome: 'conflict' };
    this.#variants.take(this.#counters, existing, digest, 'superseded', now);
    if (settled) this.#settle.run(id);
    return { name, outcome: 'grown', settled };
  }

  #add({ fetched, digest, raw, object }: Arrival, settled: boolean, now: number): void {
    const { name, serviceId, nominal, bytes } = fetched;
    const { startTs, period, items } = object;
    const due = (endsAt(startTs, nominal, period) + 2 * settlingMargin) * 1000;
    const late = this.#wasLate.get(due, name, now) ? 1 : 0;
    const id = this.#counters.nextObjectId();
    const first = this.#counters.add(id, Math.floor(startTs / hourSeconds), items);
    this.#addObject.run(
      id,
      name,
      serviceId,
      startTs,
      period,
      nominal,
      digest,
      bytes.byteLength,
      first,
      items.length,
      late,
      settled ? 1 : 0,
      now,
    );
    this.#addRaw.run(id, rawEncoding, raw);
    this.#forgetFailure.run(name);
  }
}
