import type { DatabaseSync } from 'node:sqlite';
import { hourToIso } from '#shared/billing/charges.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import type { HourPeriod } from '../../usage/coverage/report-period.ts';
import type { StatementPlace } from './accepted-lines.ts';
import { billedCustomerMethods } from './billed-customers.ts';
import { mappingRowReader } from './handed-over.ts';
import type { Mapping } from './mappings.ts';
import { addRecord } from './records.ts';
import { turnsOf } from './turns.ts';

/** Who gets which user, and from which hour since the Unix epoch on, where another had it before. */
type NewMapping = Mapping & { sinceHour?: number | undefined };

interface Doing {
  operator: string;
  at: number;
}

/** From when on one customer alone has a user. */
export type Handover = Mapping & Doing & { sinceHour: number };

/** What keeps a user from being mapped. */
type Refusal = 'service' | 'system' | null;

type Note = (action: string, input: NewMapping & Doing) => void;

/** Puts a change of who has a user on record. */
const noter =
  (database: DatabaseSync): Note =>
  (action, { customerId, operator, connectionId, userId, serviceId = null, sinceHour }) => {
    const since = sinceHour === undefined ? {} : { since: hourToIso(sinceHour) };
    const details = { connectionId, userId, serviceId, ...since };
    addRecord(database, { operator, action, result: 'done', customerId, details });
  };

const serviceOf = ({ serviceId }: Mapping): number | null =>
  serviceId === undefined ? null : Number(serviceId);

function refuser(database: DatabaseSync) {
  const owns = database.prepare('SELECT 1 FROM service WHERE service_id = ? AND customer_id = ?');
  const isSystem = database.prepare(
    'SELECT 1 FROM cluster_user WHERE connection_id = ? AND user_id = ? AND system = 1',
  );
  return (input: Mapping): Refusal => {
    const service = serviceOf(input);
    if (service !== null && !owns.get(service, Number(input.customerId))) return 'service';
    return isSystem.get(input.connectionId, input.userId) ? 'system' : null;
  };
}

type Refuse = ReturnType<typeof refuser>;

function mapper(database: DatabaseSync, note: Note, refuse: Refuse) {
  const ofCustomer =
    'customer_id = ? AND connection_id = ? AND user_id = ? AND unmapped_at IS NULL';
  const has = database.prepare(`SELECT 1 FROM mapping WHERE ${ofCustomer}`);
  const widened = database.prepare(
    `UPDATE mapping SET unmapped_by = ?, unmapped_at = ? WHERE ${ofCustomer} AND service_id IS NULL`,
  );
  const resettle = database.prepare(
    `UPDATE mapping SET since_hour = ?1 WHERE mapping_id = (SELECT max(mapping_id) FROM mapping
       WHERE customer_id = ?2 AND connection_id = ?3 AND user_id = ?4 AND unmapped_at IS NULL)
     AND since_hour IS NOT ?1`,
  );
  const add = database.prepare(
    `INSERT INTO mapping (customer_id, service_id, connection_id, user_id, mapped_by, mapped_at)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  return (input: NewMapping & Doing): Refusal => {
    const wrong = refuse(input);
    if (wrong) return wrong;
    const { customerId, connectionId, userId, operator, at, sinceHour } = input;
    const [customer, service] = [Number(customerId), serviceOf(input)];
    const isHad = has.get(customer, connectionId, userId) !== undefined;
    let changes: number | bigint = 0;
    // mapped by a service of it, the user is the customer's already
    if (service !== null || !isHad) {
      widened.run(operator, at, customer, connectionId, userId);
      changes = add.run(customer, service, connectionId, userId, operator, at).changes;
    }
    if (sinceHour !== undefined) {
      changes =
        Number(changes) + Number(resettle.run(sinceHour, customer, connectionId, userId).changes);
    }
    if (changes > 0) note('customers.map', input);
    return null;
  };
}

function unmapper(database: DatabaseSync, note: Note) {
  const unmapped = database.prepare(
    `UPDATE mapping SET unmapped_by = ?1, unmapped_at = ?2
     WHERE customer_id = ?3 AND connection_id = ?4 AND user_id = ?5 AND unmapped_at IS NULL
       AND (?6 IS NULL OR service_id = ?6)`,
  );
  return (input: Mapping & Doing): void => {
    const { customerId, connectionId, userId, operator, at } = input;
    const { changes } = unmapped.run(
      ...[operator, at, Number(customerId), connectionId, userId, serviceOf(input)],
    );
    if (changes > 0) note('customers.unmap', input);
  };
}

function overHander(
  database: DatabaseSync,
  by: { map: ReturnType<typeof mapper>; unmap: ReturnType<typeof unmapper>; refuse: Refuse },
) {
  const others = database.prepare(
    `SELECT DISTINCT customer_id FROM mapping WHERE connection_id = ? AND user_id = ?
       AND customer_id <> ? AND unmapped_at IS NULL`,
  );
  const own = database.prepare(
    `SELECT service_id, EXISTS (SELECT 1 FROM mapping AS later
         WHERE later.connection_id = ?1 AND later.user_id = ?2 AND later.customer_id <> ?3
           AND later.mapping_id > m.mapping_id) AS interrupted
     FROM mapping AS m WHERE connection_id = ?1 AND user_id = ?2 AND customer_id = ?3
       AND unmapped_at IS NULL ORDER BY mapping_id`,
  );
  const { map, unmap, refuse } = by;
  return (input: Handover): Refusal => {
    const wrong = refuse(input);
    if (wrong) return wrong;
    const { connectionId, userId, customerId, operator, at } = input;
    const user = { connectionId, userId, operator, at };
    const whose = [connectionId, userId, Number(customerId)];
    const had = own.all(...whose);
    for (const row of others.all(...whose)) {
      unmap({ ...user, customerId: String(row.customer_id) });
    }
    // one that another had meanwhile begins again: the hour said before stays that of the first time
    if (had.some(({ interrupted }) => interrupted === 1)) {
      unmap({ ...user, customerId });
      for (const { service_id: service } of had) {
        map({ ...input, serviceId: service === null ? undefined : String(service) });
      }
    }
    return map(input);
  };
}

/** Changes of who has which user. Nothing is ever deleted. */
export function mappingWriters(database: DatabaseSync) {
  const note = noter(database);
  const refuse = refuser(database);
  const [map, unmap] = [mapper(database, note, refuse), unmapper(database, note)];
  const handOver = overHander(database, { map, unmap, refuse });
  const { billedCustomers } = billedCustomerMethods(database);
  const withoutIssued = database.prepare(
    'DELETE FROM issued_user WHERE connection_id = ? AND user_id = ?',
  );
  return {
    /**
     * Returns what kept it from being done, or null. Doing it twice is doing it once; a service takes
     * the place of the customer as a whole, and another hour that of the one said before.
     */
    map: (input: NewMapping & Doing): Refusal => inTransaction(database, () => map(input)),
    unmap: (input: Mapping & Doing): null =>
      inTransaction(database, () => {
        unmap(input);
        return null;
      }),
    /** Gives a user to one customer alone; what others had of it until then stays on record. */
    handOver: (input: Handover): Refusal => inTransaction(database, () => handOver(input)),
    /**
     * Yields what statements would be made from after a handover, with no other statement in the way:
     * nothing is changed. Places in the order asked for.
     */
    billedAfter: ({ handover, places }: { handover: Handover; places: StatementPlace[] }) => {
      const { connectionId, userId } = handover;
      database.exec('BEGIN IMMEDIATE');
      try {
        handOver(handover);
        withoutIssued.run(connectionId, userId);
        return billedCustomers(places);
      } finally {
        database.exec('ROLLBACK');
      }
    },
  };
}

/** Hours of a user that a customer was billed for, corrected since or not. */
export interface BilledHours extends HourPeriod {
  customerId: string;
}

/** Returns what a handover is asked about. */
export function handoverReaders(database: DatabaseSync) {
  const had = database.prepare(
    `SELECT customer_id, name, company, max(unmapped_at) AS until, max(unmapped_at IS NULL) AS here
     FROM mapping JOIN customer USING (customer_id)
     WHERE connection_id = ? AND user_id = ? AND customer_id <> ?
     GROUP BY customer_id ORDER BY max(mapping_id)`,
  );
  const issuedTo = database.prepare(
    `SELECT s.statement_id, s.customer_id, s.summary ->> '$.from' AS starts,
       s.summary ->> '$.to' AS ends, (SELECT group_concat(from_hour || '-' || to_hour, ' ')
         FROM (SELECT from_hour, to_hour FROM issued_user AS u WHERE u.connection_id = ?1
           AND u.user_id = ?2 AND u.statement_id = s.statement_id ORDER BY from_hour)) AS hours
     FROM issued_statement AS s WHERE (s.customer_id = ?3 OR s.customer_id IN
         (SELECT customer_id FROM mapping WHERE connection_id = ?1 AND user_id = ?2))
       AND NOT EXISTS (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id)
     ORDER BY s.place`,
  );
  const everBilled = database.prepare(
    `SELECT s.customer_id, from_hour, to_hour FROM issued_user
     JOIN issued_statement AS s USING (statement_id) WHERE connection_id = ? AND user_id = ?`,
  );
  const rowsOfUser = mappingRowReader(database);
  return {
    /**
     * Who had a user before a customer, each by its name, from when on the customer has it itself, and the
     * statements it would change.
     */
    handoverFacts: ({ connectionId, userId, customerId }: Mapping) => {
      const whose = [connectionId, userId, Number(customerId)];
      const turns = turnsOf(rowsOfUser({ connectionId, userId }));
      const own = turns.find((turn) => turn.customerId === customerId && turn.until === null);
      return {
        own: own ? { since: own.sinceHour === null ? null : hourToIso(own.sinceHour) } : null,
        billed: everBilled.all(connectionId, userId).map(
          (row): BilledHours => ({
            customerId: String(row.customer_id),
            ...{ fromHour: Number(row.from_hour), toHour: Number(row.to_hour) },
          }),
        ),
        before: had.all(...whose).map((row) => ({
          customerId: String(row.customer_id),
          name: String(row.company) || String(row.name),
          until: row.here === 1 ? null : new Date(Number(row.until)).toISOString(),
        })),
        issued: issuedTo.all(...whose).map((row) => ({
          statementId: String(row.statement_id),
          customerId: String(row.customer_id),
          from: String(row.starts),
          to: String(row.ends),
          /** Of the user, in whole hours since the Unix epoch: `10-12 14-20`. */
          hours: String(row.hours ?? ''),
        })),
      };
    },
  };
}
