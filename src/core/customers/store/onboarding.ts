import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { type Page, readPage } from '../../store/sqlite/rows.ts';
import { addRecord } from './records.ts';

type Run = CallOutput<'onboarding.get'>;
/** A row of a run as the interface sees it. */
export type OnboardingRow = Run['rows'][number];
/** What came of writing a user back. */
export type WriteBackResult = CallOutput<'onboarding.writeBack'>;
type Progress = 'state' | 'serviceStatus' | 'userId' | 'accessKeyId' | 'error' | 'writeBack';
/** What a row wants: everything of it that doesn't change once it is prepared. */
export type WantedRow = Omit<OnboardingRow, Progress | 'row'>;
/** What is asked to be written back. */
export type WriteBack = NonNullable<ParsedInput<'onboarding.start'>['writeBack']>;

export interface StoredOnboarding
  extends Pick<
    Run,
    | 'onboardingId'
    | 'title'
    | 'source'
    | 'createdAt'
    | 'createdBy'
    | 'total'
    | 'counts'
    | 'unaccepted'
  > {
  state: 'prepared' | 'running' | 'finished';
  writeBack: WriteBack | null;
  connectionIds: string[];
}

/** What a preview was asked for. */
export interface AskedOnboarding {
  input: ParsedInput<'onboarding.prepare'>;
  /** Digest of the services that it found; null of a table. */
  services: string | null;
}

/** A change of a row: what is omitted stays. */
export interface RowStep extends Partial<Pick<OnboardingRow, Exclude<Progress, 'serviceStatus'>>> {
  onboardingId: string;
  row: number;
}

const json = <Value>(text: unknown): Value | null =>
  text === null ? null : (JSON.parse(String(text)) as Value);

const noCounts: Run['counts'] = {
  ...{ problem: 0, pending: 0, creating: 0, created: 0, unwritten: 0, done: 0, failed: 0 },
};

/** The state of a row as it is shown: one without a customer has nothing that could be written. */
const shownState = `CASE WHEN state = 'done' AND json_array_length(write_back, '$.problems') > 0
  AND json_extract(wanted, '$.customerId') IS NOT NULL THEN 'unwritten' ELSE state END`;

/** The state of a row's service as it was last read. */
const serviceStatus = `(SELECT status FROM service
  WHERE service_id = CAST(json_extract(wanted, '$.serviceId') AS INTEGER))`;
const shownRow = `SELECT *, ${shownState} AS shown_state, ${serviceStatus} AS service_status
  FROM onboarding_row`;

function toRow(row: Record<string, unknown>): OnboardingRow {
  return {
    row: Number(row.row),
    ...(JSON.parse(String(row.wanted)) as WantedRow),
    serviceStatus: row.service_status === null ? null : String(row.service_status),
    state: String(row.shown_state) as OnboardingRow['state'],
    userId: row.user_id === null ? null : String(row.user_id),
    accessKeyId: row.access_key_id === null ? null : String(row.access_key_id),
    error: json(row.error),
    writeBack: json(row.write_back),
  };
}

function toRun(database: DatabaseSync, row: Record<string, unknown>): StoredOnboarding {
  const onboardingId = String(row.onboarding_id);
  const counted = database
    .prepare(
      `SELECT ${shownState} AS shown_state, count(*) AS n FROM onboarding_row
       WHERE onboarding_id = ? GROUP BY 1`,
    )
    .all(onboardingId);
  const clusters = database
    .prepare(
      `SELECT DISTINCT json_extract(wanted, '$.connectionId') AS id FROM onboarding_row
       WHERE onboarding_id = ? AND state <> 'problem' ORDER BY 1`,
    )
    .all(onboardingId);
  const waiting = database
    .prepare(
      `SELECT count(*) AS n FROM onboarding_row WHERE onboarding_id = ? AND user_id IS NOT NULL
       AND ${serviceStatus} = 'Pending'`,
    )
    .get(onboardingId);
  const counts = Object.fromEntries(counted.map((row) => [String(row.shown_state), Number(row.n)]));
  return {
    onboardingId,
    title: String(row.title),
    source: String(row.source) as Run['source'],
    createdAt: new Date(Number(row.created_at)).toISOString(),
    createdBy: String(row.created_by),
    state: String(row.state) as StoredOnboarding['state'],
    writeBack: json(row.write_back),
    total: counted.reduce((sum, { n }) => sum + Number(n), 0),
    counts: { ...noCounts, ...counts },
    unaccepted: Number(waiting?.n),
    connectionIds: clusters.map(({ id }) => String(id)),
  };
}

/** What a preview found. */
interface Prepared {
  rows: readonly WantedRow[];
  asked: AskedOnboarding;
}

function create(
  database: DatabaseSync,
  run: Pick<StoredOnboarding, 'onboardingId' | 'title' | 'source' | 'createdBy'>,
  { rows, asked }: Prepared,
): void {
  database
    .prepare(
      `INSERT INTO onboarding (onboarding_id, title, source, created_at, created_by, state, asked)
       VALUES (?, ?, ?, ?, ?, 'prepared', ?) ON CONFLICT (onboarding_id) DO UPDATE SET
         created_at = excluded.created_at, created_by = excluded.created_by, asked = excluded.asked`,
    )
    .run(
      ...[run.onboardingId, run.title, run.source, Date.now(), run.createdBy],
      JSON.stringify(asked),
    );
  database.prepare('DELETE FROM onboarding_row WHERE onboarding_id = ?').run(run.onboardingId);
  const insert = database.prepare(
    'INSERT INTO onboarding_row (onboarding_id, row, wanted, state) VALUES (?, ?, ?, ?)',
  );
  rows.forEach((row, index) => {
    const state = row.problem === null ? 'pending' : 'problem';
    insert.run(run.onboardingId, index + 1, JSON.stringify(row), state);
  });
}

/** What was not written this time stays as it was, with the problems that may be of it. */
function merged(before: OnboardingRow['writeBack'], now: WriteBackResult): WriteBackResult {
  const isThere = (state: WriteBackResult['note']): boolean =>
    state === null || state === 'written' || state === 'unchanged';
  const [field, note] = [now.field ?? before?.field ?? null, now.note ?? before?.note ?? null];
  const isKept = (now.field === null && !isThere(field)) || (now.note === null && !isThere(note));
  const kept = isKept ? (before?.problems ?? []) : [];
  return { ...now, field, note, problems: [...new Set([...now.problems, ...kept])] };
}

function stepRow(database: DatabaseSync, step: RowStep): void {
  const text = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));
  const { onboardingId, row, state, userId, accessKeyId, error, writeBack } = step;
  database
    .prepare(
      `UPDATE onboarding_row SET state = ifnull(?, state), user_id = ifnull(?, user_id),
         access_key_id = ifnull(?, access_key_id), error = ?, write_back = ifnull(?, write_back)
       WHERE onboarding_id = ? AND row = ?`,
    )
    .run(
      state ?? null,
      userId ?? null,
      accessKeyId ?? null,
      text(error),
      text(writeBack),
      onboardingId,
      row,
    );
}

/** Runs of sign-ups and what was written back to billing systems. */
export function onboardingMethods(database: DatabaseSync) {
  return {
    ...runMethods(database),
    ...rowMethods(database),
    ...writtenMethods(database),
  };
}

function find(database: DatabaseSync, onboardingId: string): StoredOnboarding | null {
  const row = database
    .prepare('SELECT * FROM onboarding WHERE onboarding_id = ?')
    .get(onboardingId);
  return row ? toRun(database, row) : null;
}

function runMethods(database: DatabaseSync) {
  return {
    /** Returns whether it was done: a run that was started keeps its rows. */
    createOnboarding: ({
      run,
      ...prepared
    }: Prepared & {
      run: Pick<StoredOnboarding, 'onboardingId' | 'title' | 'source' | 'createdBy'>;
    }): boolean =>
      inTransaction(database, () => {
        if ((find(database, run.onboardingId)?.state ?? 'prepared') !== 'prepared') return false;
        create(database, run, prepared);
        return true;
      }),
    /** What a run that was not started was asked for; null where that was not kept. */
    onboardingAsked: ({ onboardingId }: { onboardingId: string }) =>
      json<AskedOnboarding>(
        database.prepare('SELECT asked FROM onboarding WHERE onboarding_id = ?').get(onboardingId)
          ?.asked ?? null,
      ),
    findOnboarding: ({ onboardingId }: { onboardingId: string }): StoredOnboarding | null =>
      find(database, onboardingId),
    listOnboardings: (page: Page) =>
      readPage(database, { from: 'onboarding', order: 'place DESC', page }, (row) =>
        toRun(database, row),
      ),
    updateOnboarding: (input: {
      onboardingId: string;
      state: StoredOnboarding['state'];
      writeBack?: WriteBack | undefined;
    }): null => {
      database
        .prepare(
          `UPDATE onboarding SET state = ?, asked = NULL, write_back = ifnull(?, write_back)
           WHERE onboarding_id = ?`,
        )
        .run(
          input.state,
          input.writeBack === undefined ? null : JSON.stringify(input.writeBack),
          input.onboardingId,
        );
      return null;
    },
    /** Returns whether the run was never started, and is forgotten now. */
    discardOnboarding: ({ onboardingId }: { onboardingId: string }): boolean =>
      inTransaction(database, () => {
        if (find(database, onboardingId)?.state !== 'prepared') return false;
        for (const table of ['onboarding_row', 'onboarding']) {
          database.prepare(`DELETE FROM ${table} WHERE onboarding_id = ?`).run(onboardingId);
        }
        return true;
      }),
  };
}

function rowMethods(database: DatabaseSync) {
  return {
    onboardingRows: (query: {
      onboardingId: string;
      state?: OnboardingRow['state'] | undefined;
      offset: number;
      limit: number;
    }): OnboardingRow[] =>
      database
        .prepare(
          `${shownRow}
           WHERE onboarding_id = ?1 AND (?2 IS NULL OR shown_state = ?2)
           ORDER BY row LIMIT ?3 OFFSET ?4`,
        )
        .all(query.onboardingId, query.state ?? null, query.limit, query.offset)
        .map(toRow),
    stepOnboarding: (step: RowStep): null => {
      stepRow(database, step);
      return null;
    },
    /** Keeps with the rows of a user what the billing system has of it by now. */
    rowWrittenBack: (input: Omit<WrittenKey, 'kind'> & { result: WriteBackResult }): null => {
      const { customerId, serviceId, connectionId, userId, result } = input;
      const rows = database
        .prepare(
          `${shownRow}
           WHERE user_id = ? AND shown_state = 'unwritten'`,
        )
        .all(userId)
        .map((row) => ({ onboardingId: String(row.onboarding_id), ...toRow(row) }))
        .filter((row) => row.connectionId === connectionId && row.customerId === customerId)
        .filter((row) => row.serviceId === serviceId);
      for (const { onboardingId, row, writeBack } of rows) {
        stepRow(database, { onboardingId, row, writeBack: merged(writeBack, result) });
      }
      return null;
    },
    /** Notes in the journal of customers that a row is done. */
    endOnboardingRow: (input: RowStep & { operator: string; wanted: WantedRow }): null =>
      inTransaction(database, () => {
        const { operator, wanted, ...step } = input;
        stepRow(database, step);
        const { customerId, serviceId, connectionId, email, planName } = wanted;
        const { userId = null, accessKeyId = null } = step;
        const details = { email, connectionId, userId, accessKeyId, serviceId, planName };
        const action = 'onboarding.start';
        addRecord(database, { operator, action, result: 'done', customerId, details });
        return null;
      }),
  };
}

/** Of whom something is written to a billing system; no service: of the client as a whole. */
export interface WrittenKey {
  customerId: string;
  serviceId: string | null;
  connectionId: string;
  userId: string;
  kind: 'field' | 'note';
}

type WrittenState = 'sending' | 'written' | 'unknown' | 'failed';

const recordResults = {
  sending: 'intent',
  written: 'done',
  unknown: 'unknown',
  failed: 'failed',
} as const;

function writtenMethods(database: DatabaseSync) {
  const valuesOf = (key: WrittenKey) =>
    [
      Number(key.customerId),
      Number(key.serviceId ?? 0),
      key.connectionId,
      key.userId.toLowerCase(),
      key.kind,
    ] as const;
  const where =
    'customer_id = ? AND service_id = ? AND connection_id = ? AND user_id = ? AND kind = ?';
  return {
    /** Puts on record that an entry is about to be sent; says how it stood before. */
    claimWritten: ({ key, again }: { key: WrittenKey; again: boolean }): WrittenState | null =>
      inTransaction(database, () => {
        const values = valuesOf(key);
        const row = database
          .prepare(`SELECT state FROM written_back WHERE ${where}`)
          .get(...values);
        const before = row ? (String(row.state) as WrittenState) : null;
        if (before === null || before === 'failed' || again) {
          database
            .prepare("INSERT OR REPLACE INTO written_back VALUES (?, ?, ?, ?, ?, 'sending')")
            .run(...values);
        }
        return before;
      }),
    /** Notes the result of an entry, in the journal of customers too. */
    noteWritten: (input: {
      key: WrittenKey;
      state: WrittenState;
      operator: string;
      ticket?: string | undefined;
      billingId: string;
      details: Record<string, unknown>;
    }): null =>
      inTransaction(database, () => {
        const { key, state, operator, ticket, billingId } = input;
        database
          .prepare(`UPDATE written_back SET state = ? WHERE ${where}`)
          .run(state, ...valuesOf(key));
        const result = recordResults[state];
        const { customerId, kind, connectionId, userId, serviceId } = key;
        const details = { kind, connectionId, userId, serviceId, ...input.details };
        addRecord(database, {
          ...{ operator, ticket, action: 'onboarding.writeBack', result },
          ...{ customerId, billingId, details },
        });
        return null;
      }),
  };
}
