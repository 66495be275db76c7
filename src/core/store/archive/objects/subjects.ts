import type { DatabaseSync } from 'node:sqlite';

/** What counters are kept by. `bucket` is empty for what was not of a bucket. */
export interface Subject {
  bucket: string;
  epoch: number | bigint;
  userId: string;
  tag: string;
}

/** Assigns every subject a number, and caches known ones. */
export class SubjectNumbers {
  /** By user, then by bucket, then by the rest, which is nearly always one: no text is put together. */
  readonly #known = new Map<string, Map<string, { rest: string; id: number }[]>>();
  /** By identity: what reads objects hands out the same one for the same key. */
  #met = new WeakMap<Subject, number>();
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
  of(subject: Subject): number {
    const met = this.#met.get(subject);
    if (met !== undefined) return met;
    const id = this.#lookUp(subject);
    this.#met.set(subject, id);
    return id;
  }

  #lookUp({ bucket, epoch, userId, tag }: Subject): number {
    const ofUser = this.#known.get(userId) ?? new Map<string, { rest: string; id: number }[]>();
    if (ofUser.size === 0) this.#known.set(userId, ofUser);
    const candidates = ofUser.get(bucket) ?? [];
    if (candidates.length === 0) ofUser.set(bucket, candidates);
    const rest = tag === '' ? String(epoch) : `${epoch} ${tag}`;
    for (const candidate of candidates) if (candidate.rest === rest) return candidate.id;
    const row =
      this.#find.get(bucket, epoch, userId, tag) ?? this.#add.get(bucket, epoch, userId, tag);
    const id = Number(row?.id);
    candidates.push({ rest, id });
    return id;
  }

  /** Numbers given in a transaction that was rolled back are not given. */
  forget(): void {
    this.#known.clear();
    this.#met = new WeakMap();
  }
}
