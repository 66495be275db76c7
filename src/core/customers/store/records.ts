import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';

type Row = CallOutput<'customers.journal'>['rows'][number];

/** What was done, or is about to be. Holds no secret. */
export interface NewRecord {
  operator: string;
  action: string;
  result: Row['result'];
  customerId?: string | null;
  billingId?: string | null;
  details: Record<string, unknown>;
}

/** Adds to the journal of customers. */
export function addRecord(database: DatabaseSync, record: NewRecord): void {
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
      JSON.stringify(record.details),
    );
}

/** Questions about the journal of customers, and what adds to it alone. */
export function recordMethods(database: DatabaseSync) {
  return {
    addRecord: (record: NewRecord): null => {
      addRecord(database, record);
      return null;
    },
    listRecords: (query: {
      customerId?: string | undefined;
      offset: number;
      limit: number;
    }): CallOutput<'customers.journal'> => {
      const customer = query.customerId === undefined ? null : Number(query.customerId);
      const where = 'FROM record WHERE ?1 IS NULL OR customer_id = ?1';
      const total = database.prepare(`SELECT count(*) AS n ${where}`).get(customer);
      const rows = database
        .prepare(`SELECT * ${where} ORDER BY record_id DESC LIMIT ?2 OFFSET ?3`)
        .all(customer, query.limit, query.offset);
      return {
        total: Number(total?.n),
        rows: rows.map((row) => ({
          recordId: String(row.record_id),
          at: new Date(Number(row.at)).toISOString(),
          operator: String(row.operator),
          action: String(row.action),
          result: String(row.result) as Row['result'],
          customerId: row.customer_id === null ? null : String(row.customer_id),
          billingId: row.billing_id === null ? null : String(row.billing_id),
          details: JSON.parse(String(row.details)),
        })),
      };
    },
  };
}
