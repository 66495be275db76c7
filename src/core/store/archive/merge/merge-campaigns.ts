import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { skipHeldElsewhere } from '../queries/key-campaigns.ts';

type Row = Record<string, SQLInputValue>;

/** What another archive knows of one campaign and this one does not. */
interface CampaignNews {
  campaignId: string;
  /** Null where the campaign itself was changed here last. */
  campaign: Row | null;
  wasOpen: boolean;
  keys: Row[];
}

/**
 * What the gateway did counts before what was decided without knowing of it, whatever the times: that the
 * old key was revoked, that there is a new key, that a request for one was sent and may have made it.
 */
const weightier: readonly ((row: Row, against: Row) => boolean)[] = [
  ({ state }) => state === 'revoked',
  (row) => row.new_key !== null,
  (row, { before }) => row.new_key === null && row.unclear_since !== null && before === null,
];

/** At equal progress, the later change wins. */
function isKeyNews(theirs: Row, ours: Row | undefined): boolean {
  if (!ours) return true;
  for (const weighs of weightier) {
    const [there, here] = [weighs(theirs, ours), weighs(ours, theirs)];
    if (there !== here) return there;
  }
  return Number(theirs.changed_at) > Number(ours.changed_at);
}

function newsOf(own: DatabaseSync, other: DatabaseSync): CampaignNews[] {
  const header = own.prepare(
    'SELECT changed_at, closed_at FROM key_campaign WHERE campaign_id = ?',
  );
  const keysIn = (database: DatabaseSync) =>
    database.prepare('SELECT * FROM key_campaign_key WHERE campaign_id = ? ORDER BY row');
  const [ownKeys, otherKeys] = [keysIn(own), keysIn(other)];
  return other
    .prepare('SELECT * FROM key_campaign ORDER BY created_at, campaign_id')
    .all()
    .map((row) => {
      const campaignId = String(row.campaign_id);
      const here = header.get(campaignId);
      const known = new Map(ownKeys.all(campaignId).map((key) => [Number(key.row), key as Row]));
      const keys = otherKeys
        .all(campaignId)
        .filter((key) => isKeyNews(key as Row, known.get(Number(key.row)))) as Row[];
      const isNewer = !here || Number(row.changed_at) > Number(here.changed_at);
      const wasOpen = here !== undefined && here.closed_at === null;
      return { campaignId, campaign: isNewer ? (row as Row) : null, wasOpen, keys };
    })
    .filter(({ campaign, keys }) => campaign !== null || keys.length > 0);
}

/** Counts campaigns that are new, or further than here. */
export function countNewCampaigns(own: DatabaseSync, other: DatabaseSync): number {
  return newsOf(own, other).length;
}

/**
 * Takes over key campaigns: of the campaign what was changed last counts, of a key see {@link isKeyNews}.
 * What comes in is skipped where another open campaign of this archive works on its holder. Call it in a
 * transaction.
 * @returns how many campaigns are new or were changed
 */
export function mergeCampaigns(own: DatabaseSync, other: DatabaseSync, by: string): number {
  const news = newsOf(own, other);
  for (const { campaign, keys } of news) {
    if (campaign) upsert(own, 'key_campaign', ['campaign_id'], campaign);
    for (const key of keys) upsert(own, 'key_campaign_key', ['campaign_id', 'row'], key);
  }
  skipWhatCame(own, news, by);
  return news.length;
}

/**
 * Skips keys whose holder another open campaign works on: first in campaigns that were not open here,
 * then of the others the keys that came.
 */
function skipWhatCame(own: DatabaseSync, news: readonly CampaignNews[], by: string): void {
  const isOpen = own.prepare(
    'SELECT 1 FROM key_campaign WHERE campaign_id = ? AND closed_at IS NULL',
  );
  const open = news.filter(({ campaignId }) => isOpen.get(campaignId));
  for (const { campaignId } of open.filter(({ wasOpen }) => !wasOpen)) {
    skipHeldElsewhere(own, campaignId, by, { keepsNewKeys: true });
  }
  for (const { campaignId, keys } of open.filter(({ wasOpen }) => wasOpen)) {
    const rows = keys.map(({ row }) => Number(row));
    skipHeldElsewhere(own, campaignId, by, { keepsNewKeys: true, rows });
  }
}

/** Columns are those of the newest version: the copy was migrated. */
function upsert(own: DatabaseSync, table: string, key: readonly string[], row: Row): void {
  const names = Object.keys(row);
  const set = names.map((name) => `${name} = excluded.${name}`).join(', ');
  own
    .prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
       ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set}`,
    )
    .run(...Object.values(row));
}
