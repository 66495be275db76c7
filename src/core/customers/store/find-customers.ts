import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { NearWords } from '../../platform/near-words.ts';

type Query = ParsedInput<'customers.find'>;
type Row = CallOutput<'customers.find'>[number];

const columns = 'customer_id, name, company, email';

interface ReadWords {
  /** Changes of the database until then, here and by other processes. */
  at: unknown;
  near: NearWords;
  ids: unknown[];
  texts: string[];
}

/** Customers of all billing systems by what the palette is asked for, and those that a name does not tell apart. */
export function customerFinder(database: DatabaseSync) {
  const holding = database.prepare(
    `SELECT ${columns} FROM customer WHERE instr(words, ?1) > 0
     ORDER BY instr(words, ?1) > 1, name_order, customer_id LIMIT ?2`,
  );
  const one = database.prepare(`SELECT ${columns} FROM customer WHERE customer_id = ?`);
  const all = database.prepare('SELECT customer_id, words FROM customer');
  const changes = database.prepare(
    "SELECT total_changes() || ' ' || data_version AS changes FROM pragma_data_version",
  );
  let read: ReadWords | null = null;
  /** The words of all customers, read again once anything was changed. */
  const readWords = (): ReadWords => {
    const at = changes.get()?.changes;
    if (read !== null && read.at === at) return read;
    const near = new NearWords();
    const rows = all.all();
    const texts = rows.map(({ words }) => String(words));
    for (const text of texts) near.add(text);
    read = { at, near, texts, ids: rows.map(({ customer_id }) => customer_id) };
    return read;
  };
  return {
    findCustomers: ({ search, limit }: Query): Row[] => {
      const words = searchedText(search);
      if (words === '') return [];
      const found = new Map(
        holding.all(words, limit).map((row) => [row.customer_id, row] as const),
      );
      if (found.size < limit) {
        const { near, ids, texts } = readWords();
        const holds = (part: string) => (at: number) => texts[at]?.includes(part) === true;
        for (const place of near.find(words, limit, holds)) {
          const row = one.get(Number(ids[place]));
          if (row) found.set(row.customer_id, row);
        }
      }
      return [...found.values()].slice(0, limit).map((row) => ({
        customerId: String(row.customer_id),
        name: String(row.name),
        company: String(row.company),
        email: String(row.email),
      }));
    },
    namesakes: (): CallOutput<'customers.namesakes'> =>
      database
        .prepare(
          `SELECT customer_id, external_id FROM (SELECT customer_id, external_id, count(*) OVER (
             PARTITION BY iif(company = '', name, company)) AS n FROM customer) WHERE n > 1`,
        )
        .all()
        .map((row) => ({
          customerId: String(row.customer_id),
          externalId: String(row.external_id),
        })),
  };
}
