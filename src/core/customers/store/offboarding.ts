import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { type Page, type Row, readPage } from '../../store/sqlite/rows.ts';
import { addRecord } from './records.ts';

type View = CallOutput<'offboarding.get'>;
export type OffboardingStep = View['steps'][number];

export interface StoredOffboarding
  extends Pick<
    View,
    | 'offboardingId'
    | 'customerId'
    | 'customerName'
    | 'serviceId'
    | 'state'
    | 'startedAt'
    | 'startedBy'
    | 'steps'
  > {
  users: { connectionId: string; userId: string; email: string }[];
}

type New = Pick<
  StoredOffboarding,
  'offboardingId' | 'customerId' | 'serviceId' | 'users' | 'startedBy' | 'steps'
>;

type Listed = Page & { customerId?: string | undefined; state?: View['state'] | undefined };

const columns = 'offboarding.*, customer.name, customer.company';
const joined = 'offboarding JOIN customer USING (customer_id)';

function toStored(row: Row): StoredOffboarding {
  return {
    offboardingId: String(row.offboarding_id),
    customerId: String(row.customer_id),
    customerName: String(row.company) || String(row.name),
    serviceId: row.service_id === null ? null : String(row.service_id),
    users: JSON.parse(String(row.users)),
    state: String(row.state) as StoredOffboarding['state'],
    startedAt: new Date(Number(row.started_at)).toISOString(),
    startedBy: String(row.started_by),
    steps: JSON.parse(String(row.steps)),
  };
}

function find(database: DatabaseSync, offboardingId: string): StoredOffboarding | null {
  const row = database
    .prepare(`SELECT ${columns} FROM ${joined} WHERE offboarding_id = ?`)
    .get(offboardingId);
  return row ? toStored(row) : null;
}

/** Cancellations and how far they are; each, and every step of it that ended, is in the journal of customers too. */
export function offboardingMethods(database: DatabaseSync) {
  return { ...openMethods(database), ...stepMethods(database) };
}

function openMethods(database: DatabaseSync) {
  return {
    /** Returns whether no other cancellation of the same users is open. */
    openOffboarding: (input: New): boolean =>
      inTransaction(database, () => {
        const { offboardingId, customerId, serviceId, users, startedBy, steps } = input;
        const other = database
          .prepare(
            `SELECT 1 FROM offboarding WHERE state = 'open' AND customer_id = ?1
             AND (service_id IS NULL OR ?2 IS NULL OR service_id = ?2)`,
          )
          .get(Number(customerId), serviceId === null ? null : Number(serviceId));
        if (other) return false;
        database
          .prepare(
            `INSERT INTO offboarding (offboarding_id, customer_id, service_id, users, state,
               started_at, started_by, steps) VALUES (?, ?, ?, ?, 'open', ?, ?, ?)`,
          )
          .run(
            offboardingId,
            Number(customerId),
            serviceId === null ? null : Number(serviceId),
            JSON.stringify(users),
            Date.now(),
            startedBy,
            JSON.stringify(steps),
          );
        addRecord(database, {
          ...{ operator: startedBy, action: 'offboarding.open', result: 'done' },
          ...{ customerId, details: { offboardingId } },
        });
        return true;
      }),
    findOffboarding: ({ offboardingId }: { offboardingId: string }): StoredOffboarding | null =>
      find(database, offboardingId),
    listOffboardings: ({ customerId, state, ...page }: Listed) => {
      const values = [customerId === undefined ? null : Number(customerId), state ?? null];
      const from = `${joined} WHERE (?1 IS NULL OR customer_id = ?1)
        AND (?2 IS NULL OR offboarding.state = ?2)`;
      return readPage(database, { columns, from, order: 'place DESC', values, page }, toStored);
    },
  };
}

function stepMethods(database: DatabaseSync) {
  return {
    /** Notes the state of a step; the last one done ends the cancellation. */
    noteOffboardingStep: (input: {
      offboardingId: string;
      step: OffboardingStep;
      operator: string;
    }): null =>
      inTransaction(database, () => {
        const { offboardingId, step, operator } = input;
        const found = find(database, offboardingId);
        if (!found) return null;
        const steps = found.steps.map((one) => (one.step === step.step ? step : one));
        const ended = steps.every(({ state }) => state === 'done' || state === 'skipped');
        database
          .prepare('UPDATE offboarding SET steps = ?, state = ? WHERE offboarding_id = ?')
          .run(JSON.stringify(steps), ended ? 'finished' : found.state, offboardingId);
        if (step.state === 'open' || step.state === 'waiting') return null;
        const results = {
          running: 'intent',
          failed: 'failed',
          done: 'done',
          skipped: 'done',
        } as const;
        const details = { offboardingId, step: step.step, state: step.state, words: step.words };
        addRecord(database, {
          ...{ operator, action: 'offboarding.run', result: results[step.state] },
          ...{ customerId: found.customerId, details },
        });
        return null;
      }),
    cancelOffboarding: (input: { offboardingId: string; operator: string }): null =>
      inTransaction(database, () => {
        const { offboardingId, operator } = input;
        const { changes } = database
          .prepare(
            "UPDATE offboarding SET state = 'cancelled' WHERE offboarding_id = ? AND state = 'open'",
          )
          .run(offboardingId);
        if (changes === 0) return null;
        const customerId = find(database, offboardingId)?.customerId ?? null;
        const of = { operator, action: 'offboarding.cancel', customerId };
        addRecord(database, { ...of, result: 'done', details: { offboardingId } });
        return null;
      }),
  };
}
