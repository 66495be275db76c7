import type { DatabaseSync } from 'node:sqlite';
import { type AppError, notFound } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { compressRaw, expandRaw, rawEncoding } from '../file/encodings.ts';
import type { ReadObject } from '../objects/object-scanner.ts';
import { readTolerantly, saysTheSame } from '../objects/read-object.ts';
import { CounterTable } from './counter-table.ts';

/** Further contents kept under one name at most; beyond, only the flag stays. */
const keptVariants = 20;

type Row = Record<string, unknown>;

/** Other contents that were found under the name of an archived object, kept next to it. */
export class VariantTable {
  readonly #raw;
  readonly #settled;
  readonly #count;
  readonly #add;
  readonly #flag;
  readonly #find;
  readonly #resolve;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = database.prepare('SELECT * FROM usage_variant WHERE object_id = ? AND digest = ?');
    this.#resolve = database.prepare(
      `UPDATE usage_variant SET resolution = ?, resolved_at = ?
       WHERE object_id = ? AND resolution IS NULL AND (?4 IS NULL OR digest = ?4)`,
    );
    this.#raw = database.prepare('SELECT encoding, body FROM usage_raw WHERE object_id = ?');
    this.#settled = database.prepare(
      `SELECT 1 FROM usage_variant
       WHERE object_id = ? AND digest = ? AND resolution IS NOT NULL`,
    );
    this.#count = database.prepare('SELECT count(*) AS n FROM usage_variant WHERE object_id = ?');
    this.#add = database.prepare(
      `INSERT INTO usage_variant (object_id, digest, bytes, encoding, body, found_at)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (object_id, digest) DO NOTHING`,
    );
    this.#flag = database.prepare(
      `UPDATE usage_object SET conflicts =
         (SELECT count(*) FROM usage_variant WHERE object_id = ?1 AND resolution IS NULL)
       WHERE id = ?1`,
    );
  }

  /** Whether an object says what the archived one says, in another form. */
  repeats(objectId: number, object: ReadObject): boolean {
    const row = this.#raw.get(objectId);
    if (!row) return false;
    const archived = readTolerantly(expandRaw(String(row.encoding), row.body as Uint8Array));
    return saysTheSame(archived, object);
  }

  /** Whether this content is kept next to the archived one already and somebody decided. */
  isSettled(objectId: number, digest: string): boolean {
    return this.#settled.get(objectId, digest) !== undefined;
  }

  /** Whether this content is kept next to the archived one, decided or not. */
  isKept(objectId: number, digest: string): boolean {
    return this.#find.get(objectId, digest) !== undefined;
  }

  /** Keeps another content and flags the object. */
  keep(objectId: number, digest: string, bytes: Uint8Array, now: number): void {
    if (Number(this.#count.get(objectId)?.n) < keptVariants) {
      this.#add.run(objectId, digest, bytes.byteLength, rawEncoding, compressRaw(bytes), now);
    }
    this.#flag.run(objectId);
  }

  /**
   * Lets a kept content count from now on, in the sums too; the one it replaces is kept in its place.
   * Call it between `begin` and `flush` of the counters.
   * @param object the archived object's row
   */
  take(
    counters: CounterTable,
    object: Row,
    digest: string,
    resolution: 'took-variant' | 'superseded',
    now: number,
  ): void {
    const objectId = Number(object.id);
    const variant = this.#find.get(objectId, digest);
    if (!variant) throw unknownVariant(String(object.name));
    swap(this.#database, counters, object, variant, now);
    this.#resolve.run(resolution, now, objectId, null);
    this.#flag.run(objectId);
  }

  /** Says of a kept content that it was read before its time: the archived one counts. */
  supersede(objectId: number, digest: string, now: number): void {
    this.#resolve.run('superseded', now, objectId, digest);
    this.count(objectId);
  }

  /** Counts again how many contents of an object wait for a decision. */
  count(objectId: number): void {
    this.#flag.run(objectId);
  }

  /** Says that the archived content counts and this one does not. */
  dismiss(object: Row, digest: string, now: number): void {
    const objectId = Number(object.id);
    if (!this.#find.get(objectId, digest)) throw unknownVariant(String(object.name));
    this.#resolve.run('kept-archived', now, objectId, digest);
    this.#flag.run(objectId);
  }
}

export function variantWriters(database: DatabaseSync) {
  const counters = new CounterTable(database);
  const variants = new VariantTable(database);
  const find = database.prepare('SELECT * FROM usage_object WHERE name = ?');
  const forgetFailure = database.prepare('DELETE FROM usage_failure WHERE name = ?');
  return {
    /**
     * Settles which content of an object counts; the sums follow in the same transaction, and the
     * content that no longer counts stays kept as a variant.
     */
    resolveVariant(input: {
      name: string;
      digest: string;
      take: 'archived' | 'variant';
      now: number;
    }): void {
      try {
        inTransaction(database, () => {
          const object = find.get(input.name);
          if (!object) throw unknownVariant(input.name);
          forgetFailure.run(input.name);
          if (input.take === 'archived') {
            variants.dismiss(object, input.digest, input.now);
            return;
          }
          counters.begin();
          variants.take(counters, object, input.digest, 'took-variant', input.now);
          counters.flush();
        });
      } catch (thrown) {
        counters.forget();
        throw thrown;
      }
    },
  };
}

/** Puts the variant's content in the object's place, and the object's in the variant's. */
function swap(
  database: DatabaseSync,
  counters: CounterTable,
  object: Row,
  variant: Row,
  now: number,
): void {
  const objectId = Number(object.id);
  const bytes = expandRaw(String(variant.encoding), variant.body as Uint8Array);
  const content = readTolerantly(bytes);
  counters.remove(hourOf(object.start), Number(object.first_counter), Number(object.counters));
  const first = counters.add(objectId, hourOf(content.startTs), content.items);
  const raw = database.prepare('SELECT encoding, body FROM usage_raw WHERE object_id = ?');
  const old = raw.get(objectId) as { encoding: string; body: Uint8Array };
  database
    .prepare('UPDATE usage_raw SET encoding = ?, body = ? WHERE object_id = ?')
    .run(String(variant.encoding), variant.body as Uint8Array, objectId);
  database
    .prepare('UPDATE usage_variant SET digest = ?, bytes = ?, encoding = ?, body = ? WHERE id = ?')
    .run(String(object.digest), Number(object.bytes), old.encoding, old.body, Number(variant.id));
  database
    .prepare(
      `UPDATE usage_object SET start = ?, period = ?, digest = ?, bytes = ?, first_counter = ?,
         counters = ?, collected_at = ? WHERE id = ?`,
    )
    .run(
      content.startTs,
      content.period,
      String(variant.digest),
      bytes.byteLength,
      first,
      content.items.length,
      now,
      objectId,
    );
}

function hourOf(start: unknown): number {
  return Math.floor(Number(start) / 3600);
}

function unknownVariant(name: string): AppError {
  return notFound(
    `The archive holds no such other content of ${name}.`,
    'Look at the list of conflicts again; somebody may have settled it.',
  );
}
