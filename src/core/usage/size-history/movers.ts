import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';

type Movers = CallOutput<'storage.movers'>;

/** What users store now compared with some days ago. New users grew from zero, gone ones are omitted. */
const changes = `
  WITH size AS (SELECT user_id, email,
    (SELECT iif(gone = 1, NULL, bytes) FROM user_size s WHERE s.user_id = k.user_id
      ORDER BY at DESC LIMIT 1) AS bytes,
    coalesce((SELECT bytes FROM user_size s WHERE s.user_id = k.user_id AND at <= :since
      ORDER BY at DESC LIMIT 1), 0) AS before
    FROM known_user k)
  SELECT user_id, email, CAST(bytes AS TEXT) AS bytes, CAST(bytes - before AS TEXT) AS change
  FROM size WHERE bytes IS NOT NULL AND bytes`;

/** Users that grew most, and those that shrank most, in bytes. */
export async function readMovers(
  archive: Pick<Archive, 'read'>,
  { days, limit }: Pick<ParsedInput<'storage.movers'>, 'days' | 'limit'>,
): Promise<Movers> {
  const values = { since: Date.now() - days * 86_400_000 };
  const [sampled] = await archive.read('selectRows', {
    sql: 'SELECT count(*) AS looks FROM size_refresh WHERE at <= :since',
    values,
  });
  // without a sample of that time nobody grew: everything was first seen since
  if (Number(sampled?.looks ?? 0) === 0) {
    return { compared: false, risers: [], fallers: [] };
  }
  const read = async (order: string): Promise<Movers['risers']> => {
    const sql = `${changes} ${order} LIMIT ${limit}`;
    return (await archive.read('selectRows', { sql, values })).map((row) => ({
      userId: String(row.user_id),
      email: String(row.email),
      bytes: toWireInteger(BigInt(String(row.bytes))),
      change: toWireInteger(BigInt(String(row.change))),
    }));
  };
  return {
    compared: true,
    risers: await read('> before ORDER BY bytes - before DESC'),
    fallers: await read('< before ORDER BY bytes - before'),
  };
}
