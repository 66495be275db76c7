import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql, defineComparable, inTransaction } from '../../sqlite/database.ts';
import { fromRow, type Page, readPage } from '../../sqlite/rows.ts';

type View = CallOutput<'campaigns.get'>;
type KeyView = CallOutput<'campaigns.keys'>['rows'][number];
export type CampaignKeyState = KeyView['state'];

export type StoredCampaign = Omit<View, 'taskId'>;

/** One key of it, with what its holder had before a new one was generated. */
export interface StoredCampaignKey extends Omit<KeyView, 'lastActiveOn'> {
  before: string[] | null;
}

/** What is kept of a key when a campaign begins. */
export type NewCampaignKey = Pick<
  StoredCampaignKey,
  | 'userId'
  | 'email'
  | 'accountName'
  | 'oldAccessKeyId'
  | 'oldFirstSeen'
  | 'newAccessKeyId'
  | 'state'
  | 'reason'
>;

/** A change of keys: what is omitted stays, but for reason and hint. */
export interface CampaignKeyStep {
  campaignId: string;
  rows: readonly number[];
  /** Only keys in one of these states are changed. */
  from: readonly CampaignKeyState[];
  state: CampaignKeyState;
  /** Null: there is none any more. */
  newAccessKeyId?: string | null;
  before?: readonly string[];
  reason?: string;
  hint?: string;
  by: string;
}

export type CampaignKeysQuery = Omit<ParsedInput<'campaigns.keys'>, 'connectionId'>;

const states = [
  ...['todo', 'generating', 'generated', 'handed-over', 'in-use', 'revoking', 'revoked'],
  ...['failed', 'skipped'],
] as const satisfies readonly CampaignKeyState[];

const iso = (value: unknown): string => new Date(Number(value)).toISOString();
const textOf = (value: unknown): string | null => (value === null ? null : String(value));

function toCampaign(database: DatabaseSync, row: Record<string, unknown>): StoredCampaign {
  const campaignId = String(row.campaign_id);
  const counted = database
    .prepare('SELECT state, count(*) AS n FROM key_campaign_key WHERE campaign_id = ? GROUP BY 1')
    .all(campaignId);
  const found = new Map(counted.map(({ state, n }) => [String(state), Number(n)]));
  const counts = Object.fromEntries(states.map((state) => [state, found.get(state) ?? 0]));
  return {
    campaignId,
    title: String(row.title),
    comment: String(row.comment),
    kind: row.kind as StoredCampaign['kind'],
    createdAt: iso(row.created_at),
    createdBy: String(row.created_by),
    closedAt: row.closed_at === null ? null : iso(row.closed_at),
    total: [...found.values()].reduce((sum, n) => sum + n, 0),
    counts: counts as StoredCampaign['counts'],
  };
}

function toKey(row: Record<string, unknown>): StoredCampaignKey {
  const before = textOf(row.before);
  return {
    row: Number(row.row),
    userId: String(row.user_id),
    email: String(row.email),
    accountName: row.account_name === '' ? null : String(row.account_name),
    oldAccessKeyId: String(row.old_key),
    oldFirstSeen: iso(row.old_seen),
    newAccessKeyId: textOf(row.new_key),
    before: before === null ? null : (JSON.parse(before) as string[]),
    state: row.state as CampaignKeyState,
    reason: textOf(row.reason),
    hint: textOf(row.hint),
    changedAt: iso(row.changed_at),
    changedBy: String(row.changed_by),
  };
}

const sortColumns = {
  email: comparableSql('email'),
  state: `instr('${states.join(' ')}', state)`,
  oldFirstSeen: 'old_seen',
  changedAt: 'changed_at',
} as const;

function listKeys(database: DatabaseSync, query: CampaignKeysQuery) {
  const conditions = ['campaign_id = ?'];
  const values: SQLInputValue[] = [query.campaignId];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const words = searchedText(query.search);
  if (words) {
    const text =
      "email || ' ' || user_id || ' ' || account_name || ' ' || old_key || ' ' || ifnull(new_key, '')";
    where(`instr(${comparableSql(`(${text})`)}, ?) > 0`, words);
  }
  if (query.filter?.state) where('state = ?', query.filter.state);
  if (query.only !== undefined) where('row = ?', Number(query.only));
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const order = query.sort ? `${sortColumns[query.sort.by]} ${direction}, row` : 'row';
  const from = `key_campaign_key WHERE ${conditions.join(' AND ')}`;
  return readPage(database, { from, order, values, page: query }, toKey);
}

export function keyCampaignReaders(database: DatabaseSync) {
  defineComparable(database);
  return {
    findCampaign: ({ campaignId }: { campaignId: string }): StoredCampaign | null => {
      const row = database
        .prepare('SELECT * FROM key_campaign WHERE campaign_id = ?')
        .get(campaignId);
      return row ? toCampaign(database, row) : null;
    },
    /** Newest first. */
    listCampaigns: (page: Page) => {
      const query = { from: 'key_campaign', order: 'created_at DESC, campaign_id', page };
      return readPage(database, query, (row) => toCampaign(database, row));
    },
    listCampaignKeys: (query: CampaignKeysQuery) => listKeys(database, query),
    /** The last day with statistics of each user that has any, days since the Unix epoch. */
    lastActiveDays: ({ userIds }: { userIds: string[] }): { userId: string; day: number }[] =>
      database
        .prepare(
          `SELECT s.user_id, max((SELECT max(day) FROM usage_subject_day d WHERE d.subject_id = s.id
             AND put + get + list + other > 0)) AS day
           FROM json_each(?) AS asked CROSS JOIN subject AS s ON s.user_id = asked.value
           GROUP BY s.user_id HAVING day IS NOT NULL`,
        )
        .all(JSON.stringify(userIds))
        .map((row) => fromRow<{ userId: string; day: number }>(row)),
  };
}

const heldElsewhere = `
  SELECT c.title FROM key_campaign_key AS k JOIN key_campaign AS c USING (campaign_id)
  WHERE k.user_id = ? AND k.account_name = ? AND c.closed_at IS NULL
    AND k.campaign_id <> ? AND k.state NOT IN ('revoked', 'skipped') LIMIT 1`;

export function keyCampaignWriters(database: DatabaseSync) {
  return {
    /** A key whose holder another open campaign works on is skipped. */
    createCampaign(input: {
      campaign: Pick<StoredCampaign, 'campaignId' | 'title' | 'comment' | 'kind' | 'createdBy'>;
      keys: readonly NewCampaignKey[];
    }): void {
      inTransaction(database, () => {
        const { campaignId, title, comment, kind, createdBy } = input.campaign;
        const now = Date.now();
        database
          .prepare('INSERT INTO key_campaign VALUES (?, ?, ?, ?, ?, ?, NULL)')
          .run(campaignId, now, createdBy, title, comment, kind);
        const add = database.prepare(
          `INSERT INTO key_campaign_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, ?)`,
        );
        const elsewhere = database.prepare(heldElsewhere);
        input.keys.forEach((key, index) => {
          const account = key.accountName ?? '';
          const other = elsewhere.get(key.userId, account, campaignId);
          const skipped = other
            ? { state: 'skipped', reason: `The campaign "${other.title}" is open for this holder.` }
            : {};
          const { state, reason } = { ...key, ...skipped };
          add.run(
            ...[campaignId, index + 1, key.userId, key.email, account, key.oldAccessKeyId],
            ...[Date.parse(key.oldFirstSeen), key.newAccessKeyId, state, reason, now, createdBy],
          );
        });
      });
    },
    /** Returns how many keys were changed. */
    stepCampaignKeys(step: CampaignKeyStep): number {
      const { newAccessKeyId, before = null, reason = null, hint = null } = step;
      const { changes } = database
        .prepare(
          `UPDATE key_campaign_key SET state = ?1, new_key = iif(?, ?, new_key),
             before = ifnull(?, before), reason = ?, hint = ?,
             changed_at = iif(state = ?1, changed_at, ?), changed_by = ?
           WHERE campaign_id = ? AND row IN (SELECT value FROM json_each(?))
             AND state IN (SELECT value FROM json_each(?))`,
        )
        .run(
          ...[step.state, Number(newAccessKeyId !== undefined), newAccessKeyId ?? null],
          ...[before === null ? null : JSON.stringify(before)],
          ...[reason, hint, Date.now(), step.by, step.campaignId],
          ...[JSON.stringify(step.rows), JSON.stringify(step.from)],
        );
      return Number(changes);
    },
    updateCampaign(input: {
      campaignId: string;
      title?: string | undefined;
      comment?: string | undefined;
      closed?: boolean | undefined;
    }): void {
      const { campaignId, title = null, comment = null, closed } = input;
      const set = closed === undefined ? '' : `, closed_at = ${closed ? Date.now() : 'NULL'}`;
      database
        .prepare(
          `UPDATE key_campaign SET title = ifnull(?, title), comment = ifnull(?, comment)${set}
           WHERE campaign_id = ?`,
        )
        .run(title, comment, campaignId);
    },
  };
}
