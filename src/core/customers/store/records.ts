import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { fromRow, type Page, readPage } from '../../store/sqlite/rows.ts';

type Row = CallOutput<'customers.journal'>['rows'][number];

/** A change that was made, or is about to be. Holds no secret. */
export interface NewRecord {
  operator: string;
  action: string;
  result: Row['result'];
  customerId?: string | null;
  billingId?: string | null;
  /** Ticket or reason, as the operator entered it. */
  ticket?: string | undefined;
  details: Record<string, unknown>;
}

/** Adds to the journal of customers. */
export function addRecord(database: DatabaseSync, record: NewRecord): void {
  // as it is committed it becomes a part of the chain
  if (!database.isTransaction) throw new Error(`${record.action} is recorded in no transaction.`);
  database
    .prepare(
      `INSERT INTO record (at, operator, action, result, customer_id, billing_id, details)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      Date.now(),
      record.operator,
      record.action,
      record.result,
      record.customerId == null ? null : Number(record.customerId),
      record.billingId ?? null,
      JSON.stringify({ ...record.details, ticket: record.ticket }),
    );
}

type Holder = ParsedInput<'servicePlans.assign'>['holder'];

/** Adds what was done to a user or a service to the history of each customer that has it. */
export function addRecordsOf(
  database: DatabaseSync,
  record: Omit<NewRecord, 'customerId'>,
  holder: Holder,
): void {
  const customers =
    'serviceId' in holder
      ? database
          .prepare('SELECT customer_id FROM service WHERE service_id = ?')
          .all(Number(holder.serviceId))
      : database
          .prepare(
            `SELECT DISTINCT customer_id FROM mapping
             WHERE connection_id = ? AND user_id = ? AND unmapped_at IS NULL`,
          )
          .all(holder.connectionId, holder.userId);
  for (const { customer_id: id } of customers.length === 0 ? [{ customer_id: null }] : customers) {
    addRecord(database, { ...record, customerId: id === null ? null : String(id) });
  }
}

/** A record, with the user and the service it is about as they were last seen. */
const columns = `record.*,
  (SELECT email FROM cluster_user WHERE connection_id = json_extract(details, '$.connectionId')
     AND user_id = json_extract(details, '$.userId')) AS user_email,
  (SELECT product_name || ' #' || external_id FROM service
     WHERE service_id = json_extract(details, '$.serviceId')) AS service_name,
  (SELECT ifnull(nullif(company, ''), name) FROM customer
     WHERE customer.customer_id = record.customer_id) AS customer_name`;

/** Queries on the journal of customers, and the one that only adds to it. */
export function recordMethods(database: DatabaseSync) {
  return {
    addRecord: (record: NewRecord): null =>
      inTransaction(database, () => {
        addRecord(database, record);
        return null;
      }),
    listRecords: ({
      customerId,
      ...page
    }: Page & { customerId?: string | undefined }): CallOutput<'customers.journal'> => {
      const values = [customerId === undefined ? null : Number(customerId)];
      const from = 'record WHERE ?1 IS NULL OR customer_id = ?1';
      return readPage(
        database,
        { columns, from, order: 'record_id DESC', values, page },
        (row) => ({
          ...fromRow<Row>(row),
          recordId: String(row.record_id),
          at: new Date(Number(row.at)).toISOString(),
          customerId: row.customer_id === null ? null : String(row.customer_id),
          details: JSON.parse(String(row.details)),
        }),
      );
    },
  };
}
