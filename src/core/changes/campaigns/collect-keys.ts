import type { ParsedInput } from '#shared/contract/index.ts';
import type { NewCampaignKey } from '../../store/archive/queries/key-campaigns.ts';
import type { KeyQuery } from '../../store/snapshot/queries/key-lists.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';

type Start = ParsedInput<'campaigns.start'>;
type KeyRow = Awaited<ReturnType<typeof allKeys>>[number];

const rowsAtOnce = 1000;

/** Every key that matches, as last read. */
async function allKeys(snapshot: Snapshot, query: Omit<KeyQuery, 'offset' | 'limit'>) {
  const first = await snapshot.ask('keys', { ...query, offset: 0, limit: rowsAtOnce });
  const rows = [...first.rows];
  while (rows.length < first.total) {
    const page = { ...query, offset: rows.length, limit: rowsAtOnce };
    const next = await snapshot.ask('keys', page);
    if (next.rows.length === 0) break;
    rows.push(...next.rows);
  }
  return rows;
}

const holderOf = ({ ownerId, accountName }: Pick<KeyRow, 'ownerId' | 'accountName'>): string =>
  `${ownerId.toLowerCase()} ${accountName ?? ''}`;

/**
 * Finds the keys a campaign is about, each with what is known of it before anything is asked of the
 * gateway: the steps look again.
 * @param ownKey the key that the console signs with
 */
export async function collectKeys(
  snapshot: Snapshot,
  { of, kind }: Pick<Start, 'of' | 'kind'>,
  ownKey: string,
): Promise<NewCampaignKey[]> {
  const matching = of.keys ? await namedKeys(snapshot, of.keys) : await allKeys(snapshot, of);
  const isOwn = ({ ownerId }: KeyRow): boolean =>
    ownerId.length >= 16 && ownKey.toLowerCase().startsWith(ownerId.toLowerCase());
  const made = kind === 'rotate' ? matching.map(toRotate) : await toFinish(snapshot, matching);
  const own = new Set(matching.filter(isOwn).map(({ ownerId }) => ownerId));
  return made.map((key) =>
    own.has(key.userId) ? { ...key, state: 'skipped', reason: ownReason } : key,
  );
}

const ownReason = 'This console signs in with a key of this user: rotate it under Connections.';
const fullReason =
  'Both slots are full, so no second key can be generated. Finish its rotation or revoke one first.';
const sameAgeReason =
  'Both keys were first seen at the same time: which one is older is not known.';
const notFullReason = 'Only one slot is full: there is no rotation to finish.';

async function namedKeys(
  snapshot: Snapshot,
  keys: readonly { userId: string; accountName?: string | undefined; accessKeyId: string }[],
): Promise<KeyRow[]> {
  const known = new Map(
    (await allKeys(snapshot, {})).map((row) => [`${holderOf(row)} ${row.accessKeyId}`, row]),
  );
  return keys.flatMap(({ userId, accountName = null, accessKeyId }) => {
    const row = known.get(`${holderOf({ ownerId: userId, accountName })} ${accessKeyId}`);
    return row ? [row] : [];
  });
}

function keyOf(row: KeyRow): Omit<NewCampaignKey, 'newAccessKeyId' | 'state' | 'reason'> {
  return {
    userId: row.ownerId,
    email: row.ownerEmail ?? '',
    accountName: row.accountName,
    oldAccessKeyId: row.accessKeyId,
    oldFirstSeen: row.firstSeen,
  };
}

function toRotate(row: KeyRow): NewCampaignKey {
  const isFull = row.pairs >= 2;
  return {
    ...keyOf(row),
    newAccessKeyId: null,
    state: isFull ? 'skipped' : 'todo',
    reason: isFull ? fullReason : null,
  };
}

/** Of each holder of two keys the younger stays; it counts as generated. */
async function toFinish(
  snapshot: Snapshot,
  matching: readonly KeyRow[],
): Promise<NewCampaignKey[]> {
  const full = await allKeys(snapshot, { filter: { bothSlots: true } });
  const pairs = Map.groupBy(full, holderOf);
  const holders = new Map(matching.map((row) => [holderOf(row), row]));
  return [...holders].map(([holder, row]): NewCampaignKey => {
    const [older, younger, third] = (pairs.get(holder) ?? []).toSorted((one, other) =>
      one.firstSeen < other.firstSeen ? -1 : 1,
    );
    const skipped = { newAccessKeyId: null, state: 'skipped' } as const;
    if (!older || !younger || third) return { ...keyOf(row), ...skipped, reason: notFullReason };
    if (older.firstSeen === younger.firstSeen) {
      return { ...keyOf(row), ...skipped, reason: sameAgeReason };
    }
    const newAccessKeyId = younger.accessKeyId;
    return { ...keyOf(older), newAccessKeyId, state: 'generated', reason: null };
  });
}
