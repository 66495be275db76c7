import { formatCount } from '#shared/counted.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import type { Journal } from '../../changes/journal/journal.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { Archive } from '../../store/archive/archive.ts';
import {
  aboutConnection,
  type JournalIntent,
  type JournalOutcome,
} from '../../store/archive/journal-port.ts';

/** Records the deletions of one run. */
export interface RemovalJournal {
  /** On the disk when it resolves. */
  open(): Promise<void>;
  close(outcome: JournalOutcome): Promise<void>;
}

/** What the last reading of the gateway's list showed. */
interface LastList {
  complete: boolean;
  names: ReadonlySet<string>;
}

const holds = {
  locked: 'the connection was locked meanwhile',
  'read-only': 'the connection was made read-only meanwhile',
  'no-date': 'the gateway sent no Date with them',
};

/**
 * The deletions of one run as one entry of the journal: opened before the first is sent, closed with
 * how many there were and whether the list, read again, is without them. Which objects they were, the
 * archive tells object by object.
 */
export class RemovalRecord {
  readonly #journal: RemovalJournal | undefined;
  readonly #names: string[] = [];
  readonly #failures: AppErrorData[] = [];
  #opened: Promise<void> | null = null;
  #heldBack: keyof typeof holds | null = null;
  #list: LastList | null = null;

  /** @param journal omitted: nothing is recorded */
  constructor(journal: RemovalJournal | undefined) {
    this.#journal = journal;
  }

  /** To be awaited before a deletion is sent. */
  async begin(): Promise<void> {
    this.#opened ??= this.#journal?.open() ?? Promise.resolve();
    await this.#opened;
  }

  removed(name: string): void {
    this.#names.push(name);
  }

  failed(error: AppErrorData): void {
    this.#failures.push(error);
  }

  /** Notes that deletions are held back. */
  heldBack(hold: keyof typeof holds): void {
    this.#heldBack = hold;
  }

  listed(list: LastList): void {
    this.#list = list;
  }

  /** @param thrown what ended the run early, if anything */
  async end(thrown: unknown): Promise<void> {
    if (!this.#opened) return;
    await this.#opened;
    const error = thrown === undefined ? this.#failures[0] : toAppError(thrown).toData();
    await this.#journal?.close({
      result: this.#result(thrown),
      requestId: null,
      error: error ?? null,
      after: { statistics: this.#words() },
    });
  }

  #result(thrown: unknown): JournalOutcome['result'] {
    if (this.#names.length === 0) return thrown === undefined ? 'refused' : 'unknown';
    const list = this.#list;
    const isGone = list?.complete === true && this.#names.every((name) => !list.names.has(name));
    return thrown === undefined && isGone ? 'verified' : 'sent';
  }

  #words(): string {
    const names = this.#names.sort();
    const [first = '', last = ''] = [names[0], names.at(-1)];
    const range = names.length > 1 ? `${first} to ${last}` : first;
    const failed =
      this.#failures.length > 0
        ? [`${formatCount(this.#failures.length)} could not be deleted`]
        : [];
    const removed = `${formatCount(names.length)} deleted${range === '' ? '' : `: ${range}`}`;
    const held = this.#heldBack ? [`the rest stayed there, since ${holds[this.#heldBack]}`] : [];
    return [removed, ...failed, ...held].join('; ');
  }
}

const openRemovals = { operation: 'usage.removeObjects', result: 'open' } as const;

/**
 * Completes the entries of earlier runs that ended before they could: by what the archive knows, once
 * the gateway's list was read again.
 * @param listComplete whether that list was read to its end
 */
export async function completeRemovals(
  journal: Pick<Journal, 'close' | 'list'>,
  archive: Pick<Archive, 'read'>,
  connectionId: string,
  listComplete: boolean,
): Promise<void> {
  const open = await journal.list(connectionId, { filter: openRemovals, offset: 0, limit: 100 });
  for (const { journalId, at } of open.rows) {
    const { confirmed, gone } = await archive.read('countRemovals', { since: Date.parse(at) });
    const words = [
      'the console ended during this deletion',
      `${formatCount(confirmed)} confirmed as deleted since it began`,
      `${formatCount(gone)} archived and gone from the list without a confirmation`,
    ];
    await journal.close(connectionId, journalId, {
      result: listComplete ? 'verified' : 'unknown',
      requestId: null,
      error: null,
      after: { statistics: words.join('; ') },
    });
  }
}

/**
 * Completes the entries of earlier discards that ended before they could: by the gateway's list, which
 * is without what was deleted. To be called while no discard of the connection is under way.
 */
export async function completeDiscards(
  journal: Pick<Journal, 'close' | 'intent' | 'list'>,
  connectionId: string,
  readList: () => Promise<LastList>,
): Promise<void> {
  const filter = { operation: 'usage.discardObjects', result: 'open' } as const;
  const open = await journal.list(connectionId, { filter, offset: 0, limit: 100 });
  if (open.rows.length === 0) return;
  const { complete, names: listed } = await readList();
  for (const { journalId } of open.rows) {
    const { input } = await journal.intent(connectionId, journalId);
    const names = (input.names as string[] | undefined) ?? [];
    const there = names.filter((name) => listed.has(name)).length;
    const gone = `${formatCount(names.length - there)} of ${formatCount(names.length)} gone from the list`;
    await journal.close(connectionId, journalId, {
      result: !complete ? 'unknown' : there === 0 ? 'verified' : 'sent',
      requestId: null,
      error: null,
      after: { statistics: `the console ended during this deletion; ${gone}` },
    });
  }
}

/** Records the deletions of a run in the journal of its connection. */
export function removalJournal(
  journal: Pick<Journal, 'open' | 'close'>,
  connection: SavedConnection,
  intent: JournalIntent,
): RemovalJournal {
  let journalId = '';
  return {
    open: async () => {
      journalId = await journal.open(intent);
    },
    close: (outcome) => journal.close(connection.id, journalId, outcome),
  };
}

/** The journal's intent of deleting archived objects. */
export function removalIntent(connection: SavedConnection, title: string): JournalIntent {
  return {
    ...aboutConnection(connection),
    operation: 'usage.removeObjects',
    title,
    before: { statistics: 'archived on this computer' },
    after: { statistics: 'what is archived and can change no more is removed' },
    requests: [`DELETE ${connection.endpoint}/?ostor-usage&obj=NAME, once for each object`],
  };
}

/** The journal's intent of deleting objects that are not archived, with their names, since their figures are lost. */
export function discardIntent(
  connection: SavedConnection,
  names: readonly string[],
): JournalIntent {
  return {
    ...removalIntent(connection, 'Discard statistics that are not archived'),
    operation: 'usage.discardObjects',
    before: { statistics: 'on the gateway alone, not archived' },
    after: { statistics: 'deleted; what they counted is lost' },
    input: { names: [...names] },
  };
}
