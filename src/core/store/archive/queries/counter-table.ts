import type { DatabaseSync } from 'node:sqlite';
import type { Count, EntryCounts, ReadEntry } from '../objects/object-scanner.ts';
import { SubjectNumbers } from '../objects/subjects.ts';
import { RollUps } from './roll-ups.ts';

/** Rows of one statement: calling SQLite costs more than a row does. */
const rowsAtOnce = 20;
const columnsOfRow = 9;

/**
 * The counters of all objects and the roll-ups over them, which only change together. The counters of
 * one object are side by side, so that its row needs no more than the first one's number and how many.
 */
export class CounterTable {
  readonly #subjects: SubjectNumbers;
  readonly #rollUps: RollUps;
  readonly #insert;
  readonly #insertMany;
  readonly #last;
  readonly #ofObject;
  readonly #drop;
  #nextCounter = 1;
  #nextObject = 1;

  constructor(database: DatabaseSync) {
    this.#subjects = new SubjectNumbers(database);
    this.#rollUps = new RollUps(database);
    const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?)';
    this.#insert = database.prepare(`INSERT INTO counter VALUES ${row}`);
    this.#insertMany = database.prepare(
      `INSERT INTO counter VALUES ${Array(rowsAtOnce).fill(row).join(', ')}`,
    );
    this.#last = database.prepare(
      `SELECT (SELECT coalesce(max(id), 0) FROM counter) AS counter,
         (SELECT coalesce(max(id), 0) FROM usage_object) AS object`,
    );
    this.#ofObject = database.prepare(
      `SELECT subject_id, put, get, list, other, uploaded, downloaded FROM counter
       WHERE id >= ?1 AND id < ?1 + ?2`,
    );
    this.#drop = database.prepare('DELETE FROM counter WHERE id >= ?1 AND id < ?1 + ?2');
  }

  /** Call it first in each transaction: another process may have written since the last one. */
  begin(): void {
    const last = this.#last.get();
    this.#nextCounter = Number(last?.counter) + 1;
    this.#nextObject = Number(last?.object) + 1;
  }

  nextObjectId(): number {
    return this.#nextObject++;
  }

  /**
   * Writes the counters of one object.
   * @param hour whole hours since the Unix epoch, to which they are attributed undivided
   * @returns the number of the first
   */
  add(objectId: number, hour: number, items: readonly ReadEntry[]): number {
    const first = this.#nextCounter;
    const values: Count[] = [];
    for (const item of items) {
      const subject = this.#subjects.of(item.subject);
      const { put, get, list, other, uploaded, downloaded } = item.counters;
      const id = this.#nextCounter++;
      values.push(id, objectId, subject, put, get, list, other, uploaded, downloaded);
      if (values.length === rowsAtOnce * columnsOfRow) {
        this.#insertMany.run(...values);
        values.length = 0;
      }
      this.#rollUps.add(hour, subject, item.counters);
    }
    for (let index = 0; index < values.length; index += columnsOfRow) {
      this.#insert.run(...values.slice(index, index + columnsOfRow));
    }
    return first;
  }

  /** Takes the counters of one object out again, from the sums too. */
  remove(hour: number, first: number, count: number): void {
    for (const row of this.#ofObject.all(first, count)) {
      const counters = row as unknown as EntryCounts;
      this.#rollUps.add(hour, Number(row.subject_id), counters, -1);
    }
    this.#drop.run(first, count);
  }

  /** Writes the sums. Call it last in each transaction. */
  flush(): void {
    this.#rollUps.flush();
  }

  /** The transaction was rolled back. */
  forget(): void {
    this.#subjects.forget();
    this.#rollUps.forget();
  }
}
