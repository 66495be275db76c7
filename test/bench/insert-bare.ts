// What a refresh is measured against, in a separate process: JSON.parse of the two lists, and a bare
// insert of their rows into plain tables in one transaction. Prints the milliseconds it took.
import { readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

interface ListedUser {
  UserEmail: string;
  UserId: string;
  State: string;
  OwnerId: string;
  Flags: string[];
}

interface ListedBucket {
  name: string;
  epoch: number;
  creation_date: string;
  owner_id: string;
  size: { current: number; hmax: number; h_integral: number; last_ts: number };
}

const [usersPath = '', bucketsPath = '', databasePath = ''] = process.argv.slice(2);
const [userBytes, bucketBytes] = [readFileSync(usersPath), readFileSync(bucketsPath)];

const started = performance.now();
const { Users: users } = JSON.parse(userBytes.toString()) as { Users: ListedUser[] };
const { Buckets: buckets } = JSON.parse(bucketBytes.toString()) as { Buckets: ListedBucket[] };
const database = new DatabaseSync(databasePath);
database.exec(`
  CREATE TABLE user (user_id TEXT, email TEXT, state TEXT, owner_id TEXT, flags TEXT);
  CREATE TABLE bucket (name TEXT, owner_id TEXT, epoch INTEGER, created_at TEXT,
    current_bytes INTEGER, peak_bytes INTEGER, byte_integral INTEGER, last_hour INTEGER);
  BEGIN`);
const user = database.prepare('INSERT INTO user VALUES (?, ?, ?, ?, ?)');
for (const row of users) {
  user.run(row.UserId, row.UserEmail, row.State, row.OwnerId, JSON.stringify(row.Flags));
}
const bucket = database.prepare('INSERT INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
for (const { name, owner_id, epoch, creation_date, size } of buckets) {
  const { current, hmax, h_integral, last_ts } = size;
  bucket.run(name, owner_id, epoch, creation_date, current, hmax, h_integral, last_ts);
}
database.exec('COMMIT');
database.close();
const milliseconds = performance.now() - started;
rmSync(databasePath);
process.stdout.write(`${milliseconds}\n`);
