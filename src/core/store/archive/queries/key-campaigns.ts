import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql, defineTexts, inTransaction } from '../../sqlite/database.ts';
import { fromRow, type Page, readPage } from '../../sqlite/rows.ts';

type View = CallOutput<'campaigns.get'>;
type KeyView = CallOutput<'campaigns.keys'>['rows'][number];
export type CampaignKeyState = KeyView['state'];

/** How many keys of a campaign are in a state, with or without a new key. */
interface KeyTally {
  state: CampaignKeyState;
  hasNewKey: boolean;
  keys: number;
}

export interface StoredCampaign extends Omit<View, 'taskId' | 'due'> {
  tallies: KeyTally[];
}

/** One key of it, with what its holder had before a new one was generated. */
export interface StoredCampaignKey extends Omit<KeyView, 'lastActiveOn'> {
  before: string[] | null;
  /** Since when the outcome of a request is unknown, also while skipped; else null. */
  unclearSince: string | null;
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

/** A change of a key: what is omitted stays, but for reason and hint. */
export interface CampaignKeyStep {
  campaignId: string;
  row: number;
  /** It is changed in this state alone. */
  from: CampaignKeyState;
  state: CampaignKeyState;
  /** Null: there is none left. */
  newAccessKeyId?: string | null;
  before?: readonly string[];
  reason?: string;
  hint?: string;
  by: string;
}

/** A mark of keys, each in the state it was seen in. */
export interface CampaignKeyMark {
  campaignId: string;
  keys: readonly Pick<StoredCampaignKey, 'row' | 'state'>[];
  as: ParsedInput<'campaigns.mark'>['as'];
  reason: string | null;
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
  const tallies = database
    .prepare(
      `SELECT state, new_key IS NOT NULL AS has_new, count(*) AS n FROM key_campaign_key
       WHERE campaign_id = ? GROUP BY 1, 2`,
    )
    .all(campaignId)
    .map(({ state, has_new, n }) => {
      const hasNewKey = Number(has_new) === 1;
      return { state: state as CampaignKeyState, hasNewKey, keys: Number(n) };
    });
  const keysIn = (those: readonly KeyTally[]): number =>
    those.reduce((sum, { keys }) => sum + keys, 0);
  const counts = Object.fromEntries(
    states.map((state) => [state, keysIn(tallies.filter((one) => one.state === state))]),
  );
  return {
    campaignId,
    title: String(row.title),
    comment: String(row.comment),
    kind: row.kind as StoredCampaign['kind'],
    createdAt: iso(row.created_at),
    createdBy: String(row.created_by),
    closedAt: row.closed_at === null ? null : iso(row.closed_at),
    total: keysIn(tallies),
    counts: counts as StoredCampaign['counts'],
    tallies,
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
    unclearSince: row.unclear_since === null ? null : iso(row.unclear_since),
    state: row.state as CampaignKeyState,
    reason: textOf(row.reason),
    hint: textOf(row.hint),
    changedAt: iso(row.changed_at),
    changedBy: String(row.changed_by),
  };
}

const sortColumns = {
  email: 'collation_key(email)',
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

/** The title of another open campaign that works on the holder of the row `own`. */
const heldElsewhere = `
  SELECT c.title FROM key_campaign_key AS k JOIN key_campaign AS c USING (campaign_id)
  WHERE k.user_id = own.user_id AND k.account_name = own.account_name AND c.closed_at IS NULL
    AND k.campaign_id <> own.campaign_id AND k.state NOT IN ('revoked', 'skipped') LIMIT 1`;

export function keyCampaignReaders(database: DatabaseSync) {
  defineTexts(database);
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
    /** Rows of a campaign whose holder another open campaign works on. */
    campaignRowsHeldElsewhere: ({ campaignId }: { campaignId: string }): number[] =>
      database
        .prepare(`SELECT row FROM key_campaign_key AS own
          WHERE campaign_id = ? AND (${heldElsewhere}) IS NOT NULL`)
        .all(campaignId)
        .map(({ row }) => Number(row)),
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

/** Two campaigns on one holder would mistake each other's new key for their own. */
export function skipHeldElsewhere(
  database: DatabaseSync,
  campaignId: string,
  by: string,
  { rows, keepsNewKeys = false }: { rows?: readonly number[]; keepsNewKeys?: boolean } = {},
): void {
  database
    .prepare(
      `UPDATE key_campaign_key AS own SET state = 'skipped', hint = NULL, changed_at = ?,
         changed_by = ?,
         reason = 'The campaign "' || (${heldElsewhere}) || '" is open for this holder.'
       WHERE campaign_id = ? AND state NOT IN ('revoked', 'skipped')
         ${keepsNewKeys ? 'AND new_key IS NULL' : ''}
         ${rows ? 'AND row IN (SELECT value FROM json_each(?))' : ''}
         AND (${heldElsewhere}) IS NOT NULL`,
    )
    .run(Date.now(), by, campaignId, ...(rows ? [JSON.stringify(rows)] : []));
}

/** Returns whether the key was in the state given, and so was changed. */
function stepCampaignKey(database: DatabaseSync, step: CampaignKeyStep): boolean {
  const { newAccessKeyId, before = null, reason = null, hint = null } = step;
  const { changes } = database
    .prepare(
      `UPDATE key_campaign_key SET state = ?1, new_key = iif(?3, ?, new_key),
         before = ifnull(?, before), reason = ?, hint = ?, changed_at = ?2, changed_by = ?,
         unclear_since = iif(?1 IN ('generating', 'revoking'), ifnull(unclear_since, ?2), NULL)
       WHERE campaign_id = ? AND row = ? AND state = ?`,
    )
    .run(
      ...[step.state, Date.now(), Number(newAccessKeyId !== undefined), newAccessKeyId ?? null],
      ...[before === null ? null : JSON.stringify(before)],
      ...[reason, hint, step.by, step.campaignId],
      ...[step.row, step.from],
    );
  return Number(changes) === 1;
}

/**
 * Leaves a key that is in another state by now. One that was unclear when it was skipped is unclear again
 * when it is taken up. Returns how many were marked.
 */
function markCampaignKeys(
  database: DatabaseSync,
  { campaignId, keys, as, reason, by }: CampaignKeyMark,
): number {
  const { changes } = database
    .prepare(
      `UPDATE key_campaign_key SET reason = ?2, hint = NULL, changed_at = ?3, changed_by = ?4,
         state = CASE WHEN ?1 <> 'open' THEN ?1
           WHEN unclear_since IS NULL THEN iif(new_key IS NULL, 'todo', 'generated')
           ELSE iif(new_key IS NULL, 'generating', 'revoking') END
       WHERE campaign_id = ?5
         AND (row, state) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?6))`,
    )
    .run(
      ...[as, reason, Date.now(), by, campaignId],
      JSON.stringify(keys.map(({ row, state }) => [row, state])),
    );
  return Number(changes);
}

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
          .prepare('INSERT INTO key_campaign VALUES (?, ?, ?, ?, ?, ?, NULL, ?)')
          .run(campaignId, now, createdBy, title, comment, kind, now);
        const add = database.prepare(
          `INSERT INTO key_campaign_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, ?, NULL)`,
        );
        input.keys.forEach((key, index) => {
          const { userId, email, accountName, oldAccessKeyId, newAccessKeyId, state } = key;
          add.run(
            ...[campaignId, index + 1, userId, email, accountName ?? '', oldAccessKeyId],
            ...[Date.parse(key.oldFirstSeen), newAccessKeyId, state, key.reason, now, createdBy],
          );
        });
        skipHeldElsewhere(database, campaignId, createdBy);
      });
    },
    stepCampaignKey: (step: CampaignKeyStep) => stepCampaignKey(database, step),
    markCampaignKeys: (mark: CampaignKeyMark) => markCampaignKeys(database, mark),
    /** Reopened, it leaves keys whose holder another open campaign works on by now. */
    updateCampaign(input: {
      campaignId: string;
      title?: string | undefined;
      comment?: string | undefined;
      closed?: boolean | undefined;
      by: string;
    }): void {
      const { campaignId, title = null, comment = null, closed, by } = input;
      const set = closed === undefined ? '' : `, closed_at = ${closed ? Date.now() : 'NULL'}`;
      inTransaction(database, () => {
        database
          .prepare(
            `UPDATE key_campaign SET title = ifnull(?, title), comment = ifnull(?, comment),
               changed_at = ?${set} WHERE campaign_id = ?`,
          )
          .run(title, comment, Date.now(), campaignId);
        if (closed === false) skipHeldElsewhere(database, campaignId, by);
      });
    },
  };
}
