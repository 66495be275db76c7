import { AppError, type AppErrorData } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type { SavedConnection } from '../clusters.ts';

/** A connection to a cluster or a billing system, and what guards it. */
export interface GuardedConnection
  extends Pick<SavedConnection, 'name' | 'readOnly' | 'unlockedUntil' | 'pinAlarm'> {
  /** Undefined: nobody said which one it is, so it has no lock. */
  environment?: SavedConnection['environment'] | undefined;
}

/** What messages call what a connection leads to. */
export interface GuardedSystem {
  /** "cluster" */
  noun: string;
  /** What has the certificate: "the gateway" */
  server: string;
}

const clusterWords: GuardedSystem = { noun: 'cluster', server: 'the gateway' };

export type PinAlarm = NonNullable<SavedConnection['pinAlarm']>;

/** Returns whether this is a `production` connection that is locked. */
export function isLocked(connection: GuardedConnection, now = Date.now()): boolean {
  if (connection.environment !== 'production') return false;
  return connection.unlockedUntil === undefined || Date.parse(connection.unlockedUntil) <= now;
}

export function guardOf(connection: GuardedConnection): 'locked' | 'read-only' | null {
  // with another certificate than the pinned one nobody knows who would take a change
  if (connection.readOnly || connection.pinAlarm) return 'read-only';
  return isLocked(connection) ? 'locked' : null;
}

/**
 * Lets a write through or not, by the connection's guards.
 * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `CERTIFICATE_PIN_MISMATCH`
 */
export function assertWritable(
  connection: GuardedConnection,
  system: GuardedSystem = clusterWords,
): void {
  const refusal = refusalOf(connection, system);
  if (refusal === null) return;
  const { code, message, hint } = refusal;
  throw new AppError({ code, message: `${message} Nothing was sent.`, hint });
}

/** Returns what the guards of a connection refuse a change with now; null where they let it through. */
export function refusalOf(
  connection: GuardedConnection,
  system: GuardedSystem = clusterWords,
): AppError | null {
  const guard = guardOf(connection);
  return guard && guardRefusal(guard, connection, system);
}

/**
 * Lets a tenant's secret key come over the network or not: it would travel in clear over plain http.
 * @throws AppError `PLAIN_HTTP`
 */
export function assertSecretsMayTravel(
  connection: Pick<SavedConnection, 'name' | 'endpoint' | 'secretsOverPlainHttp'>,
): void {
  if (connection.secretsOverPlainHttp || !travelsInClear(connection.endpoint)) return;
  throw new AppError({
    code: 'PLAIN_HTTP',
    message: `"${connection.name}" is reached over plain http, which would send the secret key unencrypted. Nothing was sent.`,
    hint: 'Use https:// if the gateway has it; else allow secret keys over plain http in the connection.',
  });
}

/**
 * Returns why a change of a cluster would be refused now, or null: what the interface shows at every
 * button that changes something.
 * @param offline the error with which the gateway could not be reached last time; null where it could
 */
export function holdOf(
  connection: GuardedConnection & Pick<SavedConnection, 'hasCredential'>,
  offline: { message: string } | null,
): AppErrorData | null {
  const refusal = refusalOf(connection);
  if (refusal && refusal.code !== 'CONNECTION_LOCKED') return refusal.toData();
  if (!connection.hasCredential) return credentialMissing(connection.name).toData();
  if (offline) return gatewayOffline(offline).toData();
  return refusal?.toData() ?? null;
}

function guardRefusal(
  guard: 'locked' | 'read-only',
  { name, pinAlarm }: GuardedConnection,
  { noun, server }: GuardedSystem,
): AppError {
  if (pinAlarm) {
    return new AppError({
      code: 'CERTIFICATE_PIN_MISMATCH',
      message: `${server.charAt(0).toUpperCase()}${server.slice(1)} of "${name}" showed another certificate than the pinned one; changes are off.`,
      hint: `Compare the fingerprints with ${server} itself, then pin the new certificate, or test the connection once the pinned one is back.`,
    });
  }
  return guard === 'read-only'
    ? new AppError({
        code: 'CONNECTION_READ_ONLY',
        message: `The connection "${name}" is read-only.`,
        hint: 'Turn off "Read-only" on the Connections page.',
      })
    : new AppError({
        code: 'CONNECTION_LOCKED',
        message: `The production ${noun} "${name}" is locked against changes.`,
        hint: 'Unlock it for a few minutes.',
      });
}

/** @param reason why the keychain is not in use, one sentence */
export function credentialMissing(name: string, reason?: string): AppError {
  return new AppError({
    code: 'CREDENTIAL_MISSING',
    message: `No secret key is stored for "${name}".${reason === undefined ? '' : ` ${reason}`}`,
    hint: 'Edit the connection on the Connections page and enter the secret key.',
  });
}

function gatewayOffline({ message }: { message: string }): AppError {
  return new AppError({
    code: 'CONNECTION_OFFLINE',
    message: `The gateway can't be reached, so nothing can be changed. ${message}`,
    hint: 'Add changes to a plan and apply it later.',
    retryable: true,
  });
}

/**
 * Returns what has to be typed before a destructive write: the target's name on `production`, else
 * nothing.
 * @param name the target's
 */
export function nameToType(
  connection: GuardedConnection,
  destructive: boolean,
  name: string,
): string | null {
  return destructive && connection.environment === 'production' ? name : null;
}

/** Throws `CONFIRMATION_REQUIRED` unless what was typed is the name asked for. */
export function assertTyped(name: string | null, typed: string | undefined): void {
  if (name === null || typed === name) return;
  throw new AppError({
    code: 'CONFIRMATION_REQUIRED',
    message:
      typed === undefined
        ? "Type the target's name to confirm this change on a production cluster."
        : 'The typed name does not match the target.',
    hint: `Type "${name}" to confirm; nothing was sent.`,
    details: { typedName: name },
  });
}

/** Which locked `production` connections are unlocked for writing, and until when. Not kept on disk. */
export class ProductionLocks {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  /** @param now the clock, in milliseconds since the Unix epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Unlocks for a while; a second call replaces the first.
   * @returns until when, ISO 8601 in UTC
   */
  unlock(connectionId: string, minutes: number): string {
    const until = this.#now() + minutes * 60_000;
    this.#until.set(connectionId, until);
    return new Date(until).toISOString();
  }

  lock(connectionId: string): void {
    this.#until.delete(connectionId);
  }

  /** Until when writes are let through, ISO 8601 in UTC; undefined while locked. */
  unlockedUntil(connectionId: string): string | undefined {
    const until = this.#until.get(connectionId);
    if (until === undefined || until <= this.#now()) return undefined;
    return new Date(until).toISOString();
  }
}

type Guards = Pick<SavedConnection, 'environment' | 'readOnly' | 'tls'>;
type Named = Pick<SavedConnection, 'id' | 'name' | 'endpoint'>;

/**
 * Returns what the journal says of a connection whose guards are changed: who took "read-only" away, or
 * made a production cluster a lab.
 * @returns null where both stay as they are
 */
export function guardEntry(before: Named & Guards, after: Guards): JournalIntent | null {
  const repinned = before.tls?.fingerprint256 !== after.tls?.fingerprint256;
  const unchanged =
    before.environment === after.environment && before.readOnly === after.readOnly && !repinned;
  if (unchanged) return null;
  return {
    ...aboutConnection(before),
    operation: 'connections.save',
    title: 'Change guards',
    before: guardFields(before, repinned),
    after: guardFields(after, repinned),
  };
}

function guardFields({ environment, readOnly, tls }: Guards, withPin: boolean) {
  const pin = withPin ? { certificate: tls?.fingerprint256 ?? null } : {};
  return { environment, readOnly: readOnly ? 'yes' : 'no', ...pin };
}

/** Returns what the journal says of a certificate that is not the pinned one. */
export function pinAlarmEntry(connection: Named & { pinAlarm: PinAlarm }): JournalIntent {
  const { pinned, shown } = connection.pinAlarm;
  return {
    ...aboutConnection(connection),
    operation: 'connections.pinAlarm',
    title: 'Certificate is not the pinned one',
    before: { certificate: pinned },
    after: { certificate: shown ?? 'none was shown' },
  };
}

/** Returns what the journal says of a secret key that is put into a file of connections. */
export function secretExportEntry(connection: Named): JournalIntent {
  return {
    ...aboutConnection(connection),
    operation: 'connections.export',
    title: 'Export secret key',
    before: { secret: 'in this console' },
    after: { secret: 'also in a file encrypted with a passphrase' },
  };
}

/**
 * Returns what the journal says of a production cluster that is unlocked or locked.
 * @param until until when it is unlocked, ISO 8601 in UTC; undefined where it is locked
 */
export function lockEntry(connection: SavedConnection, until: string | undefined): JournalIntent {
  const unlocking = until !== undefined;
  return {
    ...aboutConnection(connection),
    operation: unlocking ? 'connections.unlock' : 'connections.lock',
    title: unlocking ? 'Unlock production cluster' : 'Lock production cluster',
    before: { writing: writingWords(connection.unlockedUntil) },
    after: { writing: writingWords(until) },
  };
}

/** Says whether changes go: until when, ISO 8601, or not. */
export function writingWords(until: string | undefined): string {
  return until === undefined
    ? 'locked'
    : `unlocked until ${until.slice(0, 19).replace('T', ' ')} UTC`;
}
