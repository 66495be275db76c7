import { randomBytes } from 'node:crypto';
import { toAppError } from '#shared/errors.ts';
import { Signal } from '../../platform/events.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { KeptKey } from '../../store/archive/queries/journal-seal.ts';
import { demoConnectionId } from '../demo/demo-host.ts';
import type { SecretStore } from './secret-store.ts';

interface JournalKeysOptions {
  secrets: SecretStore;
  /** Whether missing keys are made: by one process only, so that there are no two. */
  makes: boolean;
  log: ConsoleLog;
}

/** The entry of the keychain that holds the key of a connection's journal: no connection's id has a colon. */
const journalEntry = (connectionId: string): string => `journal-key:${connectionId}`;

/** Marks a key that no head is known to be sealed with yet. */
const unusedMark = 'new:';

/**
 * The keys that seal the remembered heads of journals: one a connection, in the keychain and nowhere
 * else. Without a keychain there is none, since one that ends with the session would prove nothing to
 * the next.
 */
export class JournalKeys {
  /** The keychain answered after all: keys are available now. */
  readonly available = new Signal<void>();
  readonly #options: JournalKeysOptions;

  constructor(options: JournalKeysOptions) {
    this.#options = options;
  }

  /** The key of a connection's journal, made where there is none yet; null without a keychain. */
  async keyOf(connectionId: string): Promise<KeptKey | null> {
    if (connectionId === demoConnectionId) return null;
    try {
      const kept = await this.#kept(journalEntry(connectionId));
      if (kept === null) return null;
      const isNew = kept.startsWith(unusedMark);
      const secret = isNew ? kept.slice(unusedMark.length) : kept;
      this.#options.log.hide(secret);
      return { secret, isNew };
    } catch (thrown) {
      const { code } = toAppError(thrown);
      this.#options.log.logger.warn({ connectionId, code }, 'key of the journal not readable');
      return null;
    }
  }

  /** Notes that a head is sealed with this key: from now on an unsealed one is a finding. */
  async confirm(connectionId: string, { secret, isNew }: KeptKey): Promise<void> {
    if (isNew) await this.#options.secrets.set(journalEntry(connectionId), secret);
  }

  /**
   * Lets a journal be compared with what its key sealed, and sealed with it, before anybody uses it;
   * unless the keychain keeps it waiting: then as soon as the key is here.
   * @param seal yields whether the head is sealed with the key
   */
  async seal(id: string, seal: (key: KeptKey) => Promise<boolean>): Promise<void> {
    const apply = async (found: KeptKey | null): Promise<void> => {
      // A key counts as used once a seal of it is there: until then one that is missing is no finding.
      if (found && (await seal(found))) await this.confirm(id, found);
    };
    const key = this.keyOf(id);
    const inTime = await withinPatience(key);
    if (inTime === 'late') void key.then(apply).catch(() => undefined);
    else await apply(inTime);
  }

  async remove(connectionId: string): Promise<void> {
    await this.#options.secrets.remove(journalEntry(connectionId)).catch(() => undefined);
  }

  async #kept(entry: string): Promise<string | null> {
    const { secrets, makes } = this.#options;
    if (makes) {
      return secrets.getOrMake(entry, () => unusedMark + randomBytes(32).toString('hex'));
    }
    const found = await secrets.get(entry);
    return found?.kind === 'keychain' ? found.secret : null;
  }
}

/** How long a journal waits for a keychain that may be waiting for its prompt, in milliseconds. */
const patience = 3_000;

export async function withinPatience<Value>(value: Promise<Value>): Promise<Value | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patience);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
