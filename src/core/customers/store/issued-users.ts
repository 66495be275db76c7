import type { DatabaseSync } from 'node:sqlite';

/** A user in an issued statement of another customer, of a time that overlaps. */
export interface IssuedElsewhere {
  connectionId: string;
  userId: string;
  statementId: string;
  number: string;
  customerName: string;
  fromHour: number;
  toHour: number;
}

/** A user in a statement, with the hours of it that the statement is of. */
export interface UserHours {
  connectionId: string;
  userId: string;
  fromHour: number;
  toHour: number;
}

/** Notes the users of an issued statement. */
export function issuedUserWriter(
  database: DatabaseSync,
): (statementId: string, users: readonly UserHours[]) => void {
  const add = database.prepare('INSERT OR IGNORE INTO issued_user VALUES (?, ?, ?, ?, ?)');
  return (statementId, users) => {
    for (const { connectionId, userId, fromHour, toHour } of users) {
      add.run(connectionId, userId, statementId, fromHour, toHour);
    }
  };
}

/** Finds statements of others that nothing corrects and that bill the same user for the same time. */
export function issuedUserReaders(database: DatabaseSync) {
  const select = database.prepare(
    `SELECT u.*, s.number, c.name, c.company FROM issued_user AS u
     JOIN issued_statement AS s USING (statement_id) JOIN customer AS c USING (customer_id)
     WHERE u.connection_id = ? AND u.user_id = ? AND u.from_hour < ? AND u.to_hour > ?
       AND s.customer_id <> ? AND NOT EXISTS
         (SELECT 1 FROM issued_statement AS later WHERE later.corrects = s.statement_id)
     ORDER BY s.place LIMIT 1`,
  );
  return {
    issuedElsewhere: (of: { customerId: string; users: readonly UserHours[] }): IssuedElsewhere[] =>
      of.users.flatMap(({ connectionId, userId, fromHour, toHour }) => {
        const row = select.get(connectionId, userId, toHour, fromHour, Number(of.customerId));
        if (!row) return [];
        return [
          {
            ...{ connectionId, userId, statementId: String(row.statement_id) },
            ...{
              number: String(row.number),
              customerName: String(row.company) || String(row.name),
            },
            ...{ fromHour: Number(row.from_hour), toHour: Number(row.to_hour) },
          },
        ];
      }),
  };
}
