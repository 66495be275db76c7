import type { Migration } from '../../sqlite/database.ts';

/**
 * Rotations of many keys over weeks, a row a key. `before` is what its holder had when a new key was about
 * to be generated, as JSON: what came since is the new one, also where the answer was lost. Times are
 * milliseconds since the Unix epoch; `account_name` is '' for a user's own keys. No secret is here.
 */
export const keyCampaigns: Migration = {
  version: 11,
  name: '0011-key-campaigns',
  up(database) {
    database.exec(`
      CREATE TABLE key_campaign (
        campaign_id TEXT PRIMARY KEY,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        title TEXT NOT NULL,
        comment TEXT NOT NULL,
        kind TEXT NOT NULL,
        closed_at INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE key_campaign_key (
        campaign_id TEXT NOT NULL REFERENCES key_campaign (campaign_id),
        row INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        email TEXT NOT NULL,
        account_name TEXT NOT NULL,
        old_key TEXT NOT NULL,
        old_seen INTEGER NOT NULL,
        new_key TEXT,
        before TEXT,
        state TEXT NOT NULL,
        reason TEXT,
        hint TEXT,
        changed_at INTEGER NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (campaign_id, row)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX key_campaign_by_holder ON key_campaign_key (user_id, account_name);
    `);
  },
};
