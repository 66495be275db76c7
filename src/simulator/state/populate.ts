import { mix32, SeededRandom } from '../model/seeded-random.ts';
import type { BucketTable, SimulatedBucket } from './bucket-table.ts';
import type { SimulatedAccount, SimulatedUser, UserTable } from './user-table.ts';

const firstWords =
  'amber anchor aspen beacon birch blue bright cedar cobalt copper coral crest delta eagle echo elm falcon fern granite harbor hazel heron indigo iron ivory juniper lark linden lunar maple marble meadow mint north oak ocean olive onyx opal orchard pine polar quartz raven river rowan sable sage silver slate solar spruce stone summit swift tidal umber valley willow winter'.split(
    ' ',
  );
const secondWords =
  'analytics archive biotech broadcast cloud clinic dental design energy farms film finance foods freight games hosting hotels insurance labs legal logistics media motors music networks optics pharma press print rail retail robotics schools security seismic shipping software sports studios systems textiles travel union water works'.split(
    ' ',
  );
const roles =
  'storage backup archive media platform billing infrastructure devops research camera-footage imaging logs'.split(
    ' ',
  );
const purposes =
  'backups media logs archive images videos documents exports invoices mail-archive snapshots raw-footage datasets reports website staging releases thumbnails scans telemetry attachments db-dumps maps surveys'.split(
    ' ',
  );

/** The company of user `index`: made up of two words, `cedar-logistics`. */
export function companyOf(seed: number, index: number): string {
  const hash = mix32(seed, index, 0x636f6d70);
  const first = firstWords[hash % firstWords.length];
  const second = secondWords[(hash >>> 10) % secondWords.length];
  return `${first}-${second}`;
}

/** A made-up e-mail for user `index`, at a domain that cannot exist (`.example`). */
export function emailOf(seed: number, index: number): string {
  const role = roles[mix32(seed, index, 0x726f6c65) % roles.length];
  return `${role}@${companyOf(seed, index)}.example`;
}

/** What bucket `index` is for: `raw-footage`. */
function purposeOf(seed: number, index: number): string {
  return purposes[mix32(seed, index, 0x70757270) % purposes.length] ?? 'data';
}

/** How much there is, from which seed, seen from which moment. */
export interface Population {
  seed: number;
  /** Users, the system user among them as the first. */
  users: number;
  buckets: number;
  /** Pairs of users who share one e-mail. */
  duplicateEmails: number;
  /** The moment the data is seen from, milliseconds. */
  now: number;
  /** Whether some users and buckets have limits and quotas, and the two defaults are set. */
  quotas: boolean;
  usage: UsagePopulation;
}

/** How many statistics objects there are, and what they hold. */
interface UsagePopulation {
  /** Over all services. */
  objects: number;
  services: number;
  /** Seconds. */
  periodSeconds: number;
  /** One in this many periods is missing; 0 for none. */
  gapEvery: number;
  /** Items of an object at most. */
  itemsPerObject: number;
  /** Whether one in a few thousand counters passes 2^53. */
  hugeCounters: boolean;
}

const noAccounts: readonly SimulatedAccount[] = [];
const accountNames = ['reader', 'uploader', 'ci', 'partner', 'nightly-job'] as const;
const hourMs = 3_600_000;

/** Fills an empty user table and yields the system user. */
export function populateUsers(table: UserTable, population: Population): SimulatedUser {
  const { seed } = population;
  const system = makeUser(table, 'console@operations.example', { keyCount: 1, system: true });
  table.put(system);
  const taken = new Map<string, number>();
  const emails: string[] = [];
  for (let index = 1; index < population.users; index += 1) {
    const hash = mix32(seed, index, 0x75000000);
    // The last ones repeat the e-mail of the first ones: two users, one e-mail.
    const original = emails[index - (population.users - population.duplicateEmails)];
    const email = original ?? uniqueEmail(emailOf(seed, index), taken);
    emails.push(email);
    const keyCount = hash % 23 === 0 ? 0 : hash % 5 === 0 ? 2 : 1;
    const user = makeUser(table, email, { keyCount, system: false });
    const accounts = hash % 11 === 0 ? makeAccounts(table, user.id, hash) : noAccounts;
    table.put({ ...user, enabled: hash % 17 !== 0, accounts });
  }
  return system;
}

function uniqueEmail(email: string, taken: Map<string, number>): string {
  const count = (taken.get(email) ?? 0) + 1;
  taken.set(email, count);
  return count === 1 ? email : email.replace('@', `-${count}@`);
}

function makeUser(
  table: UserTable,
  email: string,
  { keyCount, system }: { keyCount: number; system: boolean },
): SimulatedUser {
  const id = table.newId();
  const keys: string[] = [];
  while (keys.length < keyCount) keys.push(table.newKey(id, keys));
  return { id, email, enabled: true, system, keys, accounts: noAccounts };
}

function makeAccounts(table: UserTable, userId: string, hash: number): SimulatedAccount[] {
  const count = 1 + ((hash >>> 8) % 3);
  return accountNames.slice(0, count).map((name, position) => {
    const first = table.newKey(userId, []);
    // As in the guide's sample: one pair, two pairs, none.
    const keys = [[first], [first, table.newKey(userId, [first])], []][position] ?? [];
    return { name, keys };
  });
}

/** Fills an empty bucket table. The system user owns nothing; some users own most. */
export function populateBuckets(
  table: BucketTable,
  users: readonly SimulatedUser[],
  population: Population,
): void {
  const owners = users.filter((user) => !user.system);
  if (owners.length === 0) return;
  const random = new SeededRandom(mix32(population.seed, 0x6275636b));
  const suffixes = new Map<string, number>();
  for (let index = 0; index < population.buckets; index += 1) {
    const position = Math.floor(owners.length * random.fraction() ** 1.7);
    const owner = owners[position] as SimulatedUser;
    const stem = `${companyOf(population.seed, position + 1)}-${purposeOf(population.seed, index)}`;
    const count = (suffixes.get(stem) ?? 0) + 1;
    suffixes.set(stem, count);
    const name = count === 1 ? stem : `${stem}-${String(count).padStart(2, '0')}`;
    table.add(makeBucket(name, owner.id, random, population.now));
  }
}

function makeBucket(
  name: string,
  ownerId: string,
  random: SeededRandom,
  now: number,
): SimulatedBucket {
  // Sizes spread evenly over orders of magnitude, from 4 KiB to 16 TiB; one in twenty is empty.
  const empty = random.below(20) === 0;
  const currentBytes = empty ? 0n : BigInt(Math.floor(2 ** (12 + 32 * random.fraction())));
  const shrunk = random.below(6) === 0;
  const ageHours = 2 + random.below(24 * 365 * 3);
  const nowHour = Math.floor(now / hourMs);
  return {
    name,
    ownerId,
    epoch: 0,
    createdAt: now - ageHours * hourMs - random.below(hourMs),
    currentBytes,
    peakBytes: shrunk ? currentBytes + currentBytes / 7n + 4096n : currentBytes,
    byteIntegral: currentBytes * BigInt(599 + random.below(90_000)),
    lastHour: nowHour - random.below(Math.min(ageHours, 72)),
  };
}
