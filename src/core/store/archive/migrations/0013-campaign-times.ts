import type { Migration } from '../../sqlite/database.ts';

/**
 * When a campaign itself was changed last, and since when a key has a request whose outcome is unclear:
 * both milliseconds since the Unix epoch. A key keeps the latter while it is skipped, so that it is read
 * before anything is sent once it is taken up again.
 */
export const campaignTimes: Migration = {
  version: 13,
  name: '0013-campaign-times',
  up(database) {
    // of a key that was skipped before a new one was known, nothing tells that its request failed
    database.exec(`
      ALTER TABLE key_campaign ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
      UPDATE key_campaign SET changed_at = max(created_at, ifnull(closed_at, 0));

      ALTER TABLE key_campaign_key ADD COLUMN unclear_since INTEGER;
      UPDATE key_campaign_key SET unclear_since = changed_at
        WHERE state IN ('generating', 'revoking');
      UPDATE key_campaign_key AS own
        SET unclear_since = (SELECT created_at FROM key_campaign c
          WHERE c.campaign_id = own.campaign_id)
        WHERE state = 'skipped' AND new_key IS NULL AND before IS NOT NULL;
    `);
  },
};
