import type { DatabaseSync } from 'node:sqlite';
import { AppError, invalidInput, notFound } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { type AcceptedKind, noEnd, type ServiceHours } from '../objects/coverage.ts';
import { readCoverage, readFirstStarts } from './coverage.ts';
import { appendEntries } from './journal.ts';
import { type JournalBody, rememberHead } from './journal-head.ts';
import { journalKeyOf } from './journal-seal.ts';

/** Who decides, when (Unix milliseconds), and what the journal is to say of it. */
interface Decision {
  operator: string;
  now: number;
  entries: JournalBody[];
}

/** Decisions about gaps, each in one transaction with its place in the journal. */
export function acceptedGapWriters(database: DatabaseSync, path: string) {
  const remember = rememberHead(path, () => journalKeyOf(database));
  const decide = <Result>(entries: readonly JournalBody[], work: () => Result): Result => {
    const { result, head } = inTransaction(database, () => {
      const outcome = work();
      return { result: outcome, head: appendEntries(database, entries) };
    });
    remember(head);
    return result;
  };
  return {
    /**
     * Accepts gaps as silent.
     * @returns how many gateway hours count as silent by it
     */
    acceptGaps: (input: Decision & { gaps: ServiceHours[]; reason: string }): number =>
      decide(input.entries, () => acceptGaps(database, input)),

    /**
     * States of a service once that it is retired or idle, from an hour on.
     * @returns how many hours of it count as silent by now
     */
    stateService: (input: Decision & ServiceStatement & { reason: string }): number =>
      decide(input.entries, () => stateService(database, input)),

    /** Takes decisions back. Throws `NOT_FOUND` where there is no such decision. */
    withdrawGaps: (input: Decision & { ids: number[] }): void =>
      decide(input.entries, () => {
        const withdraw = database.prepare(
          `UPDATE accepted_gap SET withdrawn_by = ?, withdrawn_at = ?
           WHERE id = ? AND withdrawn_at IS NULL`,
        );
        for (const id of input.ids) {
          const { changes } = withdraw.run(input.operator, input.now, id);
          if (Number(changes) === 0) throw notStanding();
        }
      }),
  };
}

function acceptGaps(
  database: DatabaseSync,
  { gaps, reason, operator, now }: Decision & { gaps: ServiceHours[]; reason: string },
): number {
  const insert = database.prepare(
    `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const firstStarts = readFirstStarts(database, Number.MAX_SAFE_INTEGER);
  let silent = 0;
  for (const gap of gaps) {
    const { serviceId, fromHour, toHour } = gap;
    const id = Number(
      insert.run(serviceId, fromHour, toHour, reason, operator, now).lastInsertRowid,
    );
    // Up to the service's first object at least: coverage knows no service that begins later.
    const begins = Math.floor((firstStarts.get(serviceId) ?? 0) / 3600);
    const { accepted } = readCoverage(database, {
      fromHour,
      toHour: Math.max(toHour, begins + 1),
      now: Math.floor(now / 1000),
    });
    const hours = accepted.find((decision) => decision.id === id)?.hours ?? 0;
    if (hours === 0) throw nothingMissing(gap);
    silent += hours;
  }
  return silent;
}

interface ServiceStatement {
  serviceId: string;
  kind: Exclude<AcceptedKind, 'gap'>;
  fromHour: number;
}

function stateService(
  database: DatabaseSync,
  {
    serviceId,
    kind,
    fromHour,
    reason,
    operator,
    now,
  }: Decision & ServiceStatement & { reason: string },
): number {
  if (!readFirstStarts(database, Number.MAX_SAFE_INTEGER).has(serviceId)) {
    throw unknownService(serviceId);
  }
  const standing = database
    .prepare(
      `SELECT 1 FROM accepted_gap WHERE service = ? AND kind = ? AND from_hour = ?
         AND withdrawn_at IS NULL`,
    )
    .get(serviceId, kind, fromHour);
  if (standing) throw alreadyStated(serviceId, kind);
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at, kind)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(serviceId, fromHour, noEnd, reason, operator, now, kind);
  const toHour = Math.ceil(now / 3_600_000);
  if (toHour <= fromHour) return 0;
  const { accepted } = readCoverage(database, { fromHour, toHour, now: Math.floor(now / 1000) });
  return accepted.find(({ id }) => id === Number(lastInsertRowid))?.hours ?? 0;
}

function unknownService(serviceId: string): AppError {
  return invalidInput(
    `No statistics of a service ${serviceId} are known.`,
    'Take the id from the list of services under Coverage.',
  );
}

function alreadyStated(serviceId: string, kind: string): AppError {
  return new AppError({
    code: 'ALREADY_EXISTS',
    message: `Service ${serviceId} is stated to be ${kind} since then already.`,
    hint: 'Take that statement back first if it is wrong.',
  });
}

function nothingMissing({ serviceId, fromHour, toHour }: ServiceHours): AppError {
  const iso = (hour: number): string => new Date(hour * 3_600_000).toISOString().slice(0, 16);
  return invalidInput(
    `Of service ${serviceId} nothing is missing from ${iso(fromHour)} to ${iso(toHour)} UTC.`,
    'Only hours that are missing, or are before the archive begins, can be accepted as silent.',
  );
}

function notStanding(): AppError {
  return notFound(
    'A decision about missing hours no longer applies.',
    'It was already withdrawn: reload Coverage.',
  );
}
