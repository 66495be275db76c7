import type { SimulatorCore } from './services/simulator-core.ts';
import type { ClusterState, SimulatedLimits } from './state/cluster-state.ts';
import type { UsageCounters, UsageItem, UsageRecord } from './state/usage-object.ts';
import type { SimulatedUser } from './state/user-table.ts';
import type { Service, WhmcsState } from './whmcs/model/state.ts';

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
  /** The signal that a console raises of it. */
  signal: string;
  /** What a console finds: see `--help`. */
  words: string;
  apply(
    core: SimulatorCore,
    subject: () => SimulatedUser,
    billing: () => WhmcsState,
  ): Staged | undefined;
}

const about = ({ id, email }: SimulatedUser): Staged => ({ userId: id, email });

/** A stage about one user. Each has its own user, the same every time. */
function ofUser(
  signal: string,
  words: string,
  act: (core: SimulatorCore, user: SimulatedUser, billing: () => WhmcsState) => void,
): StageDefinition {
  return {
    ...{ signal, words },
    apply: (core, subject, billing) => {
      const user = subject();
      act(core, user, billing);
      return about(user);
    },
  };
}

/** A stage about the service of a user's client in the WHMCS next to the gateway. */
function ofService(
  signal: string,
  words: string,
  act: (service: Service) => void,
): StageDefinition {
  return ofUser(signal, words, (_core, user, billing) => {
    const state = billing();
    const client = [...state.clients.values()].find(({ email }) => email === user.email);
    const [some] = state.services.values();
    if (!client || !some) throw new Error(`WHMCS has no client ${user.email}, or no service.`);
    const own = [...state.services.values()].filter(({ clientid }) => clientid === client.id);
    if (own.length === 0) {
      const service = { ...some, id: state.newId(), clientid: client.id, status: 'Active' };
      state.services.set(service.id, service);
      own.push(service);
    }
    own.forEach(act);
  });
}

function of<Name extends string>(stages: Record<Name, StageDefinition>) {
  return stages;
}

/** What a gateway can give a console to notice, by name. Adding a stage is one entry. */
const stages = of({
  'quota-over': ofUser('quota', 'a user stores more than its quota', ({ state }, user) => {
    state.quotas.set(`user:${user.id}`, (storedBy(state, user) * 95n) / 100n / gigabyte);
  }),
  'quota-filling': ofUser(
    'days-to-full',
    'a user grew by half and nearly fills its quota',
    ({ state }, user) => {
      resizeAll(state, user, (bytes) => (bytes * 3n) / 2n);
      state.quotas.set(`user:${user.id}`, (storedBy(state, user) * 105n) / 100n / gigabyte + 1n);
    },
  ),
  'rate-limited': ofUser('rate-limit', 'a user reads at its rate limit for hours', (core, user) => {
    const none = { 'ops:default': 0, 'ops:put': 0, 'ops:list': 0, 'ops:delete': 0 };
    const limits: SimulatedLimits = { ...none, 'ops:get': 10, 'bandwidth:out': 0 };
    core.state.limits.set(`user:${user.id}`, limits);
    addRecent(core, user, { get: 36_000n });
  }),
  egress: ofUser('egress', 'a user sends far more than it usually does', (core, user) => {
    addRecent(core, user, { get: 500_000n, downloaded: 2n ** 41n });
  }),
  'deletion-burst': ofUser('deletions', 'most of what a user stored is gone', ({ state }, user) => {
    resizeAll(state, user, (bytes) => bytes / 20n);
  }),
  'dormant-user': ofUser(
    'dormant-user',
    'a user that did nothing for long is active',
    (core, user) => {
      const since = core.clock() - recentHours * hour;
      core.state.usage.adjust(({ startTs }, items) =>
        startTs * 1000 < since ? items.filter(({ userId }) => userId !== user.id) : items,
      );
      addRecent(core, user, { get: 500n, downloaded: 3n * gigabyte });
    },
  ),
  'disabled-user': ofUser('disabled-user', 'a disabled user has traffic', (core, user) => {
    core.state.users.put({ ...user, enabled: false });
    addRecent(core, user, { get: 700n, downloaded: gigabyte });
  }),
  implausible: ofUser('implausible', 'a counter shows more than a network can do', (core, user) => {
    const [from, to] = [core.clock() - 6 * hour, core.clock() - 4 * hour];
    add(core, user, { downloaded: 2n ** 60n }, ({ startTs }) => {
      return startTs * 1000 >= from && startTs * 1000 < to;
    });
  }),
  'two-keys': ofUser('two-keys', 'a user holds two keys', ({ state }, user) => {
    const [first = state.users.newKey(user.id, [])] = user.keys;
    state.users.put({ ...user, keys: [first, state.users.newKey(user.id, [first])] });
  }),
  'plan-drift': ofUser('drift', 'a user has another quota than its plan', ({ state }, user) => {
    state.quotas.set(`user:${user.id}`, 123n);
  }),
  'unpaid-user': ofUser('unpaid', 'a user’s client is gone from WHMCS', (_core, user, billing) => {
    const { clients, services } = billing();
    for (const { id, email } of [...clients.values()]) {
      if (email !== user.email) continue;
      clients.delete(id);
      for (const service of [...services.values()]) {
        if (service.clientid === id) services.delete(service.id);
      }
    }
  }),
  'suspended-service': ofService(
    'suspension',
    'WHMCS suspended the services of an enabled user',
    (service) => Object.assign(service, { status: 'Suspended', suspensionreason: 'Overdue' }),
  ),
  'cancelled-service': ofService(
    'cancellations',
    'WHMCS cancelled the services of a user with buckets: its cancellation waits once it is opened',
    (service) => Object.assign(service, { status: 'Cancelled' }),
  ),
  'writes-refused': {
    signal: 'runs',
    words: 'every write of a quota is refused, so that a run of them fails',
    apply: ({ faults }) => {
      faults.add({
        ...{ kind: 'status', status: 400, match: { service: 'ostor-quotas', method: 'PUT' } },
      });
      return undefined;
    },
  },
  'statistics-refused': {
    signal: 'collection-late',
    words: 'the list of statistics can’t be read',
    apply: ({ faults }) => {
      faults.add({ kind: 'reset-before', match: { service: 'ostor-usage' } });
      return undefined;
    },
  },
  'hours-missing': {
    signal: 'hours-missing',
    words: 'some hours of the first gateway have no statistics',
    apply: (core) => hideOf(core, 0, { from: 50 * hour, to: 44 * hour }),
  },
  'silent-gateway': {
    signal: 'service-silent',
    words: 'the last gateway has written no statistics for nine days',
    apply: (core) => hideOf(core, -1, { from: 9 * day, to: 0 }),
  },
  'clock-ahead': {
    signal: 'clock-skew',
    words: 'the gateway’s clock is five minutes ahead',
    apply: (core) => {
      core.clockSkewMs += 5 * 60_000;
      return undefined;
    },
  },
  'unconfirmed-writes': {
    signal: 'unverified-writes',
    words: 'what is written can’t be read back for an hour',
    apply: ({ variants }) => {
      variants.staleMs = hour;
      return undefined;
    },
  },
  unreachable: {
    signal: 'unreachable',
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

export const stageSignal = (name: StageName): string => stages[name].signal;

/** Signals of what no gateway does, and how they come about in a console. */
export const stagedElsewhere: Readonly<Record<string, string>> = {
  certificate: 'the certificate expires in ten days: --tls expiring',
  'old-keys': 'lower “Key is old after” in the console, or wait',
  'reveal-hours': 'reveal a key outside the working hours that the console has',
  'overdue-raises': 'raise a quota in the console until a moment that passes',
  backup: 'a console that never made a backup, once statistics are collected',
  'disk-space': 'raise “Free disk space below” in the console',
};

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
   * @param billing what the WHMCS next to the gateway holds
   * @throws Error where the cluster is too small for it, or WHMCS is missing
   */
  stage(name: StageName, billing?: WhmcsState): Staged {
    // before any stage changes sizes
    this.#subjects ??= subjectsIn(this.#core.state);
    const user = this.#subjects[stageNames.indexOf(name)];
    const subject = (): SimulatedUser => {
      if (!user) throw new Error(`${name} needs more users with buckets.`);
      return this.#core.state.users.byId.get(user.id) ?? user;
    };
    const whmcs = (): WhmcsState => {
      if (!billing) throw new Error(`${name} needs WHMCS: --whmcs.`);
      return billing;
    };
    return stages[name].apply(this.#core, subject, whmcs) ?? {};
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
