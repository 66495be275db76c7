import type { DatabaseSync } from 'node:sqlite';

/** Brings the figures of the whole cluster in line with its users; before the first refresh there are none. */
export function recount(database: DatabaseSync): void {
  const figure = database.prepare('UPDATE meta SET value = CAST(? AS TEXT) WHERE key = ?');
  const count = (sql: string): bigint => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement.get()?.figure as bigint;
  };
  figure.run(count('SELECT count(*) AS figure FROM user'), 'users');
  figure.run(
    count("SELECT count(*) AS figure FROM user WHERE state = 'disabled'"),
    'disabledUsers',
  );
}
