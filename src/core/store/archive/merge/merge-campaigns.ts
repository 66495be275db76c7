import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { skipHeldElsewhere } from '../queries/key-campaigns.ts';

type Row = Record<string, SQLInputValue>;

/** What another archive knows of one campaign and this one does not. */
interface CampaignNews {
  campaignId: string;
  /** Null where the campaign itself was changed here last. */
  campaign: Row | null;
  keys: Row[];
}

/**
 * Of each key what was changed last. A skip that knew of no new key gives way to the new key: the console
 * that found both slots full found the one that the other had generated.
 */
function isKeyNews(theirs: Row, ours: Row | undefined): boolean {
  if (!ours) return true;
  const [there, here] = [theirs, ours].map(
    (key) => key.state === 'skipped' && key.new_key === null,
  );
  const [hasTheirs, hasOurs] = [theirs, ours].map((key) => key.new_key !== null);
  if (here && hasTheirs) return true;
  if (there && hasOurs) return false;
  return Number(theirs.changed_at) > Number(ours.changed_at);
}

function newsOf(own: DatabaseSync, other: DatabaseSync): CampaignNews[] {
  const header = own.prepare('SELECT changed_at FROM key_campaign WHERE campaign_id = ?');
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
      return { campaignId, campaign: isNewer ? (row as Row) : null, keys };
    })
    .filter(({ campaign, keys }) => campaign !== null || keys.length > 0);
}

/** Counts campaigns that are new, or further than here. */
export function countNewCampaigns(own: DatabaseSync, other: DatabaseSync): number {
  return newsOf(own, other).length;
}

/**
 * Takes over key campaigns: what was changed last counts, of the campaign and of each of its keys. Keys
 * whose holder an open campaign of this archive works on are skipped. Call it in a transaction.
 * @returns how many campaigns are new or were changed
 */
export function mergeCampaigns(own: DatabaseSync, other: DatabaseSync, by: string): number {
  const news = newsOf(own, other);
  for (const { campaign, keys } of news) {
    if (campaign) upsert(own, 'key_campaign', ['campaign_id'], campaign);
    for (const key of keys) upsert(own, 'key_campaign_key', ['campaign_id', 'row'], key);
  }
  const isOpen = own.prepare(
    'SELECT 1 FROM key_campaign WHERE campaign_id = ? AND closed_at IS NULL',
  );
  for (const { campaignId } of news) {
    if (isOpen.get(campaignId)) skipHeldElsewhere(own, campaignId, by);
  }
  return news.length;
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
