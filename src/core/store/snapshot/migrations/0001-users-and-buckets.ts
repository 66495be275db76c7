import type { Migration } from '../../sqlite/database.ts';

const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- A refresh numbers users in the order of e-mails, so that buckets sort by owner on an integer.
  CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    email TEXT NOT NULL,
    search TEXT NOT NULL,
    state TEXT NOT NULL,
    system INTEGER NOT NULL,
    flags TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    bucket_count INTEGER NOT NULL,
    current_bytes INTEGER NOT NULL,
    peak_bytes INTEGER NOT NULL,
    first_seen INTEGER NOT NULL
  );

  -- owner is a user.id; owner_id is only kept where no user of that id was listed.
  CREATE TABLE bucket (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    owner INTEGER,
    owner_id TEXT,
    current_bytes INTEGER NOT NULL,
    peak_bytes INTEGER NOT NULL,
    byte_integral INTEGER NOT NULL,
    last_hour INTEGER NOT NULL,
    created_at INTEGER,
    epoch INTEGER NOT NULL,
    first_seen INTEGER NOT NULL
  );

  -- The names of bucket, in pieces that are searched in memory; see packed-names.ts.
  CREATE TABLE bucket_names (
    first_id INTEGER PRIMARY KEY,
    text BLOB NOT NULL,
    ends BLOB NOT NULL,
    first_seen BLOB NOT NULL
  );

  CREATE TABLE user_detail (
    user_id TEXT PRIMARY KEY,
    keys_as_of INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE account (
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, name)
  ) WITHOUT ROWID;

  -- account_name is '' for the user's own keys.
  CREATE TABLE access_key (
    user_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    access_key_id TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, account_name, access_key_id)
  ) WITHOUT ROWID;
`;

const indexes = `
  CREATE UNIQUE INDEX user_by_user_id ON user (user_id);
  CREATE INDEX user_by_search ON user (search);
  CREATE INDEX user_by_state ON user (state);
  CREATE INDEX user_by_bucket_count ON user (bucket_count);
  CREATE INDEX user_by_current_bytes ON user (current_bytes);
  CREATE INDEX user_by_peak_bytes ON user (peak_bytes);
  CREATE INDEX user_by_first_seen ON user (first_seen);
  CREATE INDEX bucket_by_name ON bucket (name);
  CREATE INDEX bucket_by_owner ON bucket (owner);
  CREATE INDEX bucket_by_current_bytes ON bucket (current_bytes);
  CREATE INDEX bucket_by_peak_bytes ON bucket (peak_bytes);
  CREATE INDEX bucket_by_created_at ON bucket (created_at);
  CREATE INDEX bucket_by_last_hour ON bucket (last_hour);
`;

export const usersAndBuckets: Migration = {
  version: 1,
  name: '0001-users-and-buckets',
  up(database) {
    database.exec(tables);
    database.exec(indexes);
  },
};
