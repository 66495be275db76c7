import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { expandRaw, sha256 } from '../file/encodings.ts';
import type { ReadObject } from '../objects/object-scanner.ts';
import { readTolerantly } from '../objects/read-object.ts';
import { CounterTable } from '../queries/counter-table.ts';
import { VariantTable } from '../queries/variants.ts';

export type ObjectCounts = CallOutput<'archive.mergePreview'>['objects'];

type Row = Record<string, unknown>;

const batchObjects = 200;

export const noObjects = (): ObjectCounts => ({
  new: 0,
  same: 0,
  conflicting: 0,
  grown: 0,
  unreadable: 0,
});

interface OtherObject {
  row: Row;
  bytes: Uint8Array;
  object: ReadObject;
}

/** Takes over the objects of another archive, a batch at a time, each once. */
export class ObjectMerge {
  readonly #own: DatabaseSync;
  readonly #other: DatabaseSync;
  readonly #variants: VariantTable;
  readonly #find;
  readonly #page;
  readonly #raw;

  constructor(own: DatabaseSync, other: DatabaseSync) {
    this.#own = own;
    this.#other = other;
    this.#variants = new VariantTable(own);
    this.#find = own.prepare('SELECT * FROM usage_object WHERE name = ?');
    this.#page = other.prepare('SELECT * FROM usage_object WHERE id > ? ORDER BY id LIMIT ?');
    this.#raw = other.prepare('SELECT encoding, body FROM usage_raw WHERE object_id = ?');
  }

  /** Counts what would happen to each, and changes nothing. */
  preview(): ObjectCounts {
    const counts = noObjects();
    for (const row of this.#other.prepare('SELECT * FROM usage_object').iterate()) {
      const own = this.#find.get(String(row.name));
      if (!own) counts.new += 1;
      else if (own.digest === row.digest) counts.same += 1;
      else counts[this.#compare(own, this.#readOther(row))] += 1;
    }
    return counts;
  }

  /**
   * Takes over the next objects in one transaction.
   * @param after the other archive's number of the last object processed
   * @returns the number to continue after, null at the end
   */
  step(after: number, now: number): { counts: ObjectCounts; next: number | null } {
    const rows = this.#page.all(after, batchObjects);
    const counts = noObjects();
    const counters = new CounterTable(this.#own);
    // Reading comes before the transaction, which holds up every other writer.
    const read = rows.map((row) => ({ row, other: this.#readUnlessSame(row) }));
    inTransaction(this.#own, () => {
      counters.begin();
      for (const { row, other } of read) counts[this.#take(counters, row, other, now)] += 1;
      counters.flush();
    });
    const last = rows.at(-1);
    return { counts, next: last && rows.length === batchObjects ? Number(last.id) : null };
  }

  #readUnlessSame(row: Row): OtherObject | null {
    return this.#find.get(String(row.name))?.digest === row.digest ? null : this.#readOther(row);
  }

  /** Null where the content is not what was archived. */
  #readOther(row: Row): OtherObject | null {
    const raw = this.#raw.get(Number(row.id));
    try {
      const bytes = expandRaw(String(raw?.encoding), raw?.body as Uint8Array);
      return sha256(bytes) === row.digest ? { row, bytes, object: readTolerantly(bytes) } : null;
    } catch {
      return null;
    }
  }

  #compare(own: Row, other: OtherObject | null): keyof ObjectCounts {
    if (!other) return 'unreadable';
    const id = Number(own.id);
    const digest = String(other.row.digest);
    if (this.#variants.isKept(id, digest) || this.#variants.repeats(id, other.object))
      return 'same';
    return Number(own.settled) === Number(other.row.settled) ? 'conflicting' : 'grown';
  }

  #take(
    counters: CounterTable,
    row: Row,
    other: OtherObject | null,
    now: number,
  ): keyof ObjectCounts {
    const own = this.#find.get(String(row.name));
    if (!own) {
      if (!other) return 'unreadable';
      this.#add(counters, other);
      return 'new';
    }
    const found = own.digest === row.digest ? 'same' : this.#compare(own, other);
    if (found === 'same') this.#learn(own, row);
    if (!other || (found !== 'conflicting' && found !== 'grown')) return found;
    const [id, digest] = [Number(own.id), String(row.digest)];
    this.#variants.keep(id, digest, other.bytes, now);
    if (found === 'grown') this.#takeLater(counters, own, row, now);
    return found;
  }

  /** The content that was read once it could no longer change counts. */
  #takeLater(counters: CounterTable, own: Row, row: Row, now: number): void {
    const digest = String(row.digest);
    if (Number(own.settled) === 1) this.#variants.supersede(Number(own.id), digest, now);
    else {
      this.#variants.take(counters, own, digest, 'superseded', now);
      this.#learn(own, row);
    }
  }

  /** What the other workstation knows of the same content: that it can no longer change, and is gone. */
  #learn(own: Row, row: Row): void {
    this.#own
      .prepare(
        `UPDATE usage_object SET settled = max(settled, ?), removed_at = coalesce(removed_at, ?)
         WHERE id = ?`,
      )
      .run(
        row.digest === own.digest || Number(own.settled) === 0 ? Number(row.settled) : 0,
        row.removed_at as number | null,
        Number(own.id),
      );
  }

  #add(counters: CounterTable, { row, bytes, object }: OtherObject): void {
    const id = counters.nextObjectId();
    const first = counters.add(id, Math.floor(object.startTs / 3600), object.items);
    this.#own
      .prepare(
        `INSERT INTO usage_object (id, name, service, start, period, nominal, digest, bytes,
           first_counter, counters, late, settled, conflicts, collected_at, removed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      )
      .run(
        id,
        String(row.name),
        String(row.service),
        object.startTs,
        object.period,
        Number(row.nominal),
        String(row.digest),
        bytes.byteLength,
        first,
        object.items.length,
        Number(row.late),
        Number(row.settled),
        Number(row.collected_at),
        row.removed_at as number | null,
      );
    const raw = this.#raw.get(Number(row.id));
    this.#own
      .prepare('INSERT INTO usage_raw VALUES (?, ?, ?)')
      .run(id, String(raw?.encoding), raw?.body as Uint8Array);
    this.#own.prepare('DELETE FROM usage_failure WHERE name = ?').run(String(row.name));
    this.#copyVariants(Number(row.id), id);
  }

  /** Contents kept next to the object, with what was decided of them. */
  #copyVariants(otherId: number, ownId: number): void {
    const add = this.#own.prepare(
      `INSERT INTO usage_variant
         (object_id, digest, bytes, encoding, body, found_at, resolution, resolved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const rows = this.#other
      .prepare('SELECT * FROM usage_variant WHERE object_id = ? ORDER BY id')
      .all(otherId);
    for (const row of rows) {
      add.run(
        ownId,
        String(row.digest),
        Number(row.bytes),
        String(row.encoding),
        row.body as Uint8Array,
        Number(row.found_at),
        row.resolution as string | null,
        row.resolved_at as number | null,
      );
    }
    if (rows.length > 0) this.#variants.count(ownId);
  }
}
