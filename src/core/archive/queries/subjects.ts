import type { DatabaseSync } from 'node:sqlite';

/** What counters are kept by. `bucket` is empty for what was not of a bucket. */
export interface Subject {
  bucket: string;
  epoch: bigint;
  userId: string;
  tag: string;
}

/** Gives every subject its number; remembers those it has seen. */
export class SubjectNumbers {
  readonly #known = new Map<string, number>();
  readonly #find;
  readonly #add;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      'SELECT id FROM subject WHERE bucket = ? AND epoch = ? AND user_id = ? AND tag = ?',
    );
    this.#add = database.prepare(
      'INSERT INTO subject (bucket, epoch, user_id, tag) VALUES (?, ?, ?, ?) RETURNING id',
    );
  }

  /** The number of a subject; a new one gets the next. Call it in a transaction. */
  of({ bucket, epoch, userId, tag }: Subject): number {
    const key = `${bucket}\n${epoch}\n${userId}\n${tag}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row =
      this.#find.get(bucket, epoch, userId, tag) ?? this.#add.get(bucket, epoch, userId, tag);
    const id = Number(row?.id);
    this.#known.set(key, id);
    return id;
  }

  /** Numbers given in a transaction that was rolled back are not given. */
  forget(): void {
    this.#known.clear();
  }
}
