import type { SimulatorCore } from './services/simulator-core.ts';
import type { ClusterState, SimulatedLimits } from './state/cluster-state.ts';
import type { UsageCounters, UsageItem, UsageRecord } from './state/usage-object.ts';
import type { SimulatedUser } from './state/user-table.ts';

const hour = 3_600_000;
const day = 24 * hour;
const gigabyte = 1_000_000_000n;
/** A user with less is no subject of a stage: quotas are whole gigabytes. */
const leastBytes = 20n * gigabyte;
/** Hours of statistics that a stage about the present changes. */
const recentHours = 20;

/** What a stage is about. */
export interface Staged {
  userId?: string;
  email?: string;
  serviceId?: string;
}

interface StageDefinition {
  /** What a console finds: see `--help`. */
  words: string;
  apply(core: SimulatorCore, subject: () => SimulatedUser): Staged | undefined;
}

const about = ({ id, email }: SimulatedUser): Staged => ({ userId: id, email });

/** A stage about one user. Each has its own user, the same every time. */
function ofUser(
  words: string,
  act: (core: SimulatorCore, user: SimulatedUser) => void,
): StageDefinition {
  return {
    words,
    apply: (core, subject) => {
      const user = subject();
      act(core, user);
      return about(user);
    },
  };
}

function of<Name extends string>(stages: Record<Name, StageDefinition>) {
  return stages;
}

/** What a gateway can give a console to notice, by name. Adding a stage is one entry. */
const stages = of({
  'quota-over': ofUser('a user stores more than its quota', ({ state }, user) => {
    state.quotas.set(`user:${user.id}`, (storedBy(state, user) * 95n) / 100n / gigabyte);
  }),
  'quota-filling': ofUser('a user grew by half and nearly fills its quota', ({ state }, user) => {
    resizeAll(state, user, (bytes) => (bytes * 3n) / 2n);
    state.quotas.set(`user:${user.id}`, (storedBy(state, user) * 105n) / 100n / gigabyte + 1n);
  }),
  'rate-limited': ofUser('a user reads at its rate limit for hours', (core, user) => {
    const none = { 'ops:default': 0, 'ops:put': 0, 'ops:list': 0, 'ops:delete': 0 };
    const limits: SimulatedLimits = { ...none, 'ops:get': 10, 'bandwidth:out': 0 };
    core.state.limits.set(`user:${user.id}`, limits);
    addRecent(core, user, { get: 36_000n });
  }),
  egress: ofUser('a user sends far more than it usually does', (core, user) => {
    addRecent(core, user, { get: 500_000n, downloaded: 2n ** 41n });
  }),
  'deletion-burst': ofUser('most of what a user stored is gone', ({ state }, user) => {
    resizeAll(state, user, (bytes) => bytes / 20n);
  }),
  'dormant-user': ofUser('a user that did nothing for long is active', (core, user) => {
    const since = core.clock() - recentHours * hour;
    core.state.usage.adjust(({ startTs }, items) =>
      startTs * 1000 < since ? items.filter(({ userId }) => userId !== user.id) : items,
    );
    addRecent(core, user, { get: 500n, downloaded: 3n * gigabyte });
  }),
  'disabled-user': ofUser('a disabled user has traffic', (core, user) => {
    core.state.users.put({ ...user, enabled: false });
    addRecent(core, user, { get: 700n, downloaded: gigabyte });
  }),
  implausible: ofUser('a counter shows more than a network can do', (core, user) => {
    const [from, to] = [core.clock() - 6 * hour, core.clock() - 4 * hour];
    add(core, user, { downloaded: 2n ** 60n }, ({ startTs }) => {
      return startTs * 1000 >= from && startTs * 1000 < to;
    });
  }),
  'two-keys': ofUser('a user holds two keys', ({ state }, user) => {
    const [first = state.users.newKey(user.id, [])] = user.keys;
    state.users.put({ ...user, keys: [first, state.users.newKey(user.id, [first])] });
  }),
  'hours-missing': {
    words: 'some hours of the first gateway have no statistics',
    apply: (core) => hideOf(core, 0, { from: 50 * hour, to: 44 * hour }),
  },
  'silent-gateway': {
    words: 'the last gateway has written no statistics for nine days',
    apply: (core) => hideOf(core, -1, { from: 9 * day, to: 0 }),
  },
  'clock-ahead': {
    words: 'the gateway’s clock is five minutes ahead',
    apply: (core) => {
      core.clockSkewMs += 5 * 60_000;
      return undefined;
    },
  },
  'unconfirmed-writes': {
    words: 'what is written can’t be read back for an hour',
    apply: ({ variants }) => {
      variants.staleMs = hour;
      return undefined;
    },
  },
  unreachable: {
    words: 'every connection is reset',
    apply: ({ faults }) => {
      faults.add({ kind: 'reset-before' });
      return undefined;
    },
  },
});

/** A stage of the running gateway. */
export type StageName = keyof typeof stages;

export const stageNames = Object.keys(stages) as StageName[];

export const stageWords = (name: StageName): string => stages[name].words;

/** Stages causes of what a console should notice, each about its own user. */
export class Stager {
  readonly #core: SimulatorCore;
  #subjects: SimulatedUser[] | null = null;

  constructor(core: SimulatorCore) {
    this.#core = core;
  }

  /**
   * Changes the cluster as if this had happened. Where a console compares with the past, it has to have
   * seen the cluster before: the same seed is the same cluster.
   * @throws Error where the cluster is too small for it
   */
  stage(name: StageName): Staged {
    // before any stage changes sizes
    this.#subjects ??= subjectsIn(this.#core.state);
    const user = this.#subjects[stageNames.indexOf(name)];
    const subject = (): SimulatedUser => {
      if (!user) throw new Error(`${name} needs more users with buckets.`);
      return this.#core.state.users.byId.get(user.id) ?? user;
    };
    return stages[name].apply(this.#core, subject) ?? {};
  }
}

/** Enabled users that store enough, largest first. */
function subjectsIn(state: ClusterState): SimulatedUser[] {
  const stored = new Map<string, bigint>();
  for (const { ownerId, currentBytes } of state.buckets.readAll()) {
    stored.set(ownerId, (stored.get(ownerId) ?? 0n) + currentBytes);
  }
  const bytesOf = ({ id }: SimulatedUser): bigint => stored.get(id) ?? 0n;
  return [...state.users.byId.values()]
    .filter((user) => user.enabled && !user.system && bytesOf(user) >= leastBytes)
    .sort((one, other) => (bytesOf(one) > bytesOf(other) ? -1 : 1));
}

function storedBy({ buckets }: ClusterState, { id }: SimulatedUser): bigint {
  return [...buckets.readAll(id)].reduce((sum, { currentBytes }) => sum + currentBytes, 0n);
}

function resizeAll(
  { buckets }: ClusterState,
  { id }: SimulatedUser,
  change: (bytes: bigint) => bigint,
): void {
  for (const { name, currentBytes, lastHour } of [...buckets.readAll(id)]) {
    buckets.resize(name, change(currentBytes), lastHour);
  }
}

function addRecent(
  core: SimulatorCore,
  user: SimulatedUser,
  counters: Partial<UsageCounters>,
): void {
  const since = core.clock() - recentHours * hour;
  add(core, user, counters, ({ startTs }) => startTs * 1000 >= since);
}

/** Puts an item of a user into the objects that match, in place of what it did without a bucket. */
function add(
  { state: { usage } }: SimulatorCore,
  { id: userId }: SimulatedUser,
  some: Partial<UsageCounters>,
  matches: (record: UsageRecord) => boolean,
): void {
  const counters = { put: 0n, get: 1n, list: 0n, other: 0n, uploaded: 0n, downloaded: 0n, ...some };
  const isSame = (item: UsageItem): boolean => item.userId === userId && item.bucket === '';
  usage.adjust((record, items) =>
    matches(record)
      ? [
          ...items.filter((item) => !isSame(item)),
          { bucket: '', epoch: 0, userId, counters: { ...counters } },
        ]
      : items,
  );
}

/** Hides objects of one gateway that began some time ago. Milliseconds. */
function hideOf(core: SimulatorCore, at: number, { from, to }: { from: number; to: number }) {
  const { usage } = core.state;
  const services = [...new Set(usage.allRecords().map(({ serviceId }) => serviceId))].sort();
  const serviceId = services.at(at);
  if (serviceId === undefined || services.length < 2) {
    throw new Error('This stage needs statistics of two gateways: --usage, --usage-services 2.');
  }
  const now = core.clock();
  const hidden = usage.allRecords().filter((record) => {
    const age = now - record.startTs * 1000;
    return record.serviceId === serviceId && age <= from && age > to - hour;
  });
  usage.hide(hidden.map(({ name }) => name));
  return { serviceId };
}
