import { useDebouncedValue } from '@mantine/hooks';
import { IconAddressBook, IconBucket, IconId, IconKey, IconUser } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { bucketActions } from '../changes/buckets/remove-bucket.tsx';
import { type AccountRow, accountActions } from '../changes/users/account-dialogs.tsx';
import { userActions } from '../changes/users/user-operations.tsx';
import { bucketPath, customerPath, userPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { type ActionEntry, actionOn } from '../kit/detail/sections.tsx';
import { useCall, useCallResults } from '../kit/rpc/use-call.ts';
import type { RowOf } from '../lists/table/use-paged-rows.ts';
import { customerActions } from '../pages/customers/cancel-customer.tsx';
import { type KeyRow, keyActions } from '../pages/keys/key-actions.tsx';
import type { PaletteEntry } from './palette-entry.ts';
import { aimed, ranked } from './palette-match.ts';

/** Of each kind, how many are shown; and of each cluster, where several are searched. */
const shown = 6;
const shownOfEach = 3;

/** The fewest letters that are searched for. */
const leastLetters = 2;

interface Rows {
  customer: CallOutput<'customers.find'>[number];
  user: RowOf<'users.list'>;
  bucket: RowOf<'buckets.list'>;
  account: AccountRow;
  key: KeyRow;
}

interface TargetOf<Noun extends keyof Rows> {
  noun: Noun;
  name: string;
  row: Rows[Noun];
}

/** A user, bucket, account, key or customer that words mean. */
type Target = { [Noun in keyof Rows]: TargetOf<Noun> }[keyof Rows];

/** A verb that is done to one target. */
interface TargetVerb {
  id: string;
  noun: Target['noun'];
  label: string;
  keywords?: string | undefined;
  /** The entry of the verb for a target; null where it does not apply to it. */
  on(target: Target): { label: string; start(): void } | null;
}

function verbsOf<Noun extends keyof Rows>(
  noun: Noun,
  actions: readonly ActionEntry<Rows[Noun]>[],
): TargetVerb[] {
  const isMine = (target: Target): target is Target & TargetOf<Noun> => target.noun === noun;
  return actions.map((action) => {
    // the label of none in particular
    const label = action.label({} as never);
    return {
      id: `${noun}-${action.id}`,
      noun,
      label: label.endsWith(noun) ? label : `${label} of ${noun}`,
      keywords: action.keywords,
      on: (target) => {
        if (!isMine(target) || action.applies?.(target.row) === false) return null;
        return {
          label: actionOn(action, target.row, target),
          start: () => action.start(target.row),
        };
      },
    };
  });
}

/** Every action on a user, a bucket, an account, a key or a customer, as their rows and details offer them. */
export const targetVerbs: readonly TargetVerb[] = [
  ...verbsOf('user', userActions),
  ...verbsOf('bucket', bucketActions),
  ...verbsOf('account', accountActions),
  ...verbsOf('key', keyActions),
  ...verbsOf('customer', customerActions),
];

/** What the words match on each cluster, and whether the answer is for the current words. */
interface Found {
  found: { cluster: Connection; targets: Target[] }[];
  isFinal: boolean;
}

/** Users, buckets, accounts and access keys of each cluster whose name or id holds the words. */
function useFound(clusters: readonly Connection[], words: string): Found {
  const [search] = useDebouncedValue(words.trim(), 120);
  const searched = search.length >= leastLetters ? clusters : [];
  const limit = searched.length > 1 ? shownOfEach : shown;
  const inputs = searched.map(({ id: connectionId }) => ({ connectionId, search, limit }));
  // What was found stays on offer while more words are asked about: Enter is not lost in between.
  const results = useCallResults('sync.find', inputs, ({ connectionId }) => connectionId);
  const isOfOthers = search !== words.trim();
  const found = searched.flatMap((cluster, place) => {
    const { data, isPlaceholderData } = results[place] ?? {};
    if (!data) return [];
    const targets = targetsOf(data);
    const stillMeant = isPlaceholderData || isOfOthers;
    return { cluster, targets: stillMeant ? meantBy(targets, words) : targets };
  });
  const isAsking = results.some(
    ({ isPending, isPlaceholderData }) => isPending || isPlaceholderData,
  );
  return { found, isFinal: clusters.length === 0 || !(isOfOthers || isAsking) };
}

function targetsOf({ users, buckets, accounts, keys }: CallOutput<'sync.find'>): Target[] {
  return [
    ...users.map((row) => ({ noun: 'user' as const, name: row.email || row.userId, row })),
    ...buckets.map((row) => ({ noun: 'bucket' as const, name: row.name, row })),
    ...accounts.map((row) => ({ noun: 'account' as const, name: row.name, row })),
    ...keys.map((row) => ({ noun: 'key' as const, name: row.accessKeyId, row })),
  ];
}

/** Those of the targets that hold the words, or are near to them. */
function meantBy(targets: readonly Target[], words: string): Target[] {
  const named = targets.map((target) => ({
    target,
    label: `${target.name} ${about(target)}`.toLowerCase(),
  }));
  const typed = words.trim().toLowerCase();
  const near = new Set(ranked(named, typed));
  return named
    .filter((one) => one.label.includes(typed) || near.has(one))
    .map(({ target }) => target);
}

function about({ noun, row }: Target): string {
  if (noun === 'user') return row.userId;
  if (noun === 'customer') return row.email;
  return `of ${row.ownerEmail || row.ownerId}`;
}

const icons = {
  user: IconUser,
  bucket: IconBucket,
  account: IconId,
  key: IconKey,
  customer: IconAddressBook,
} as const;
const groupOf = {
  user: 'Users',
  bucket: 'Buckets',
  account: 'Accounts',
  key: 'Access keys',
  customer: 'Customers',
} as const;

/** An id that distinguishes targets of the same name: accounts of several users, users with one e-mail. */
function idOf({ noun, name, row }: Target): string {
  if (noun === 'user') return row.userId;
  if (noun === 'customer') return row.customerId;
  return noun === 'account' ? `${row.ownerId}-${name}` : name;
}

function addressOf(connectionId: string, { noun, row }: Target): string {
  if (noun === 'bucket') return bucketPath(connectionId, row.name);
  if (noun === 'customer') return customerPath(connectionId, row.customerId);
  return userPath(connectionId, noun === 'user' ? row.userId : row.ownerId);
}

/** What is before a key in a question: "who owns 3752b8…". */
const question = /^\s*who(?:se| owns)?\s+/i;

/** Clusters that are searched at once where none is on screen: those used last. */
export const mostSearched = 12;

/**
 * Users, buckets, accounts and keys that the words mean; an account or key opens its owner.
 * @param clusters the one on screen; where none is, those that are searched, and each entry names its own
 * @returns the entries, and whether they answer these very words
 */
export function useFoundEntries(
  clusters: readonly Connection[],
  words: string,
  onCluster: boolean,
): { entries: PaletteEntry[]; isFinal: boolean } {
  const navigate = useNavigate();
  const { found, isFinal } = useFound(clusters, words.replace(question, ''));
  const entries = found.flatMap(({ cluster, targets }) =>
    targets.map((target) => {
      const Icon = icons[target.noun];
      const path = addressOf(cluster.id, target);
      return {
        id: `${target.noun}-${onCluster ? '' : `${cluster.id}-`}${idOf(target)}`,
        group: groupOf[target.noun],
        label: target.name,
        description: onCluster ? about(target) : `${cluster.name} · ${about(target)}`,
        icon: <Icon size={16} />,
        path,
        run: () => void navigate(path),
      };
    }),
  );
  return { entries, isFinal };
}

/** Customers of all billing systems that the words mean. */
function useFoundCustomers(isAsked: boolean, words: string): CallOutput<'customers.find'> {
  const [search] = useDebouncedValue(words.trim(), 120);
  const enabled = isAsked && search.length >= leastLetters;
  const input = { search, limit: shown };
  const { data } = useCall('customers.find', input, { enabled, keepPrevious: true });
  return enabled ? (data ?? []) : [];
}

/** Customers that the words mean. */
export function useCustomerEntries(current: Connection | null, words: string): PaletteEntry[] {
  const navigate = useNavigate();
  const found = useFoundCustomers(current !== null, words);
  if (current === null) return [];
  return found.map(({ customerId, name, email }) => {
    const path = customerPath(current.id, customerId);
    return {
      id: `customer-${customerId}`,
      group: 'Customers',
      label: name || email,
      description: email,
      icon: <IconAddressBook size={16} />,
      path,
      run: () => void navigate(path),
    };
  });
}

const aimedMark = 'aimed-';

/** Returns whether an entry is a verb with what it is done to. */
export const isAimed = (id: string): boolean => id.startsWith(aimedMark);

/**
 * Verbs with what they are done to: `disable user jo` finds the users first. Where no target is named,
 * the entry asks for one.
 * @param ask puts words into the search field
 */
export function useAimedEntries(
  current: Connection | null,
  words: string,
  ask: (words: string) => void,
): PaletteEntry[] {
  const { verbs, target: search } = aimed(targetVerbs, words);
  const { found } = useFound(verbs.length > 0 && current ? [current] : [], search);
  const customers = useFoundCustomers(
    current !== null && verbs.some(({ noun }) => noun === 'customer'),
    search,
  ).map((row) => ({
    ...{ noun: 'customer' as const, name: row.company || row.name || row.email, row },
  }));
  const targets: Target[] = [...found.flatMap((one) => one.targets), ...customers];
  if (!current) return [];
  if (search.length < leastLetters) {
    return verbs.map(({ id, label, noun }) => ({
      id: `ask-${id}`,
      group: 'Actions',
      label: `${label} …`,
      icon: iconOf(noun),
      asksMore: true,
      run: () => ask(`${label} `),
    }));
  }
  return verbs.flatMap((verb) =>
    targets.flatMap((target) => {
      const action = verb.on(target);
      if (action === null) return [];
      return {
        id: `${aimedMark}${verb.id}-${idOf(target)}`,
        group: 'Actions' as const,
        label: action.label,
        ...(target.noun === 'account' || target.noun === 'customer'
          ? { description: about(target) }
          : {}),
        icon: iconOf(verb.noun),
        run: action.start,
      };
    }),
  );
}

function iconOf(noun: Target['noun']) {
  const Icon = icons[noun];
  return <Icon size={16} />;
}
