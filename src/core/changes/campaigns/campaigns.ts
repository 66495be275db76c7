import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import { AppError, conflict, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { assertTyped, assertWritable, nameToType } from '../../clusters/locks/guard.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type {
  CampaignKeyState,
  StoredCampaign,
  StoredCampaignKey,
} from '../../store/archive/queries/key-campaigns.ts';
import { inTurn } from '../bulk/in-turn.ts';
import { type Journal, operatorName } from '../journal/journal.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { parseInput } from '../operations/catalogue/operation.ts';
import type { OperationContext, OperationEngine } from '../operations/engine.ts';
import { previewOperation } from '../operations/preview.ts';
import { collectKeys } from './collect-keys.ts';
import { inputOf, isDueFor, runKey } from './run-key.ts';

type View = CallOutput<'campaigns.get'>;
type StepInput = ParsedInput<'campaigns.step'>;
type Mark = ParsedInput<'campaigns.mark'>['as'];

export interface KeyCampaignsOptions extends ClusterWork {
  engine: OperationEngine;
  journal: Journal;
}

const kind = 'campaigns.step';
const mostKeys = 20_000;
const keysAtOnce = 4;

const titles = { generate: 'Generate keys', revoke: 'Revoke old keys' } as const;
const operations = { generate: 'keys.generate', revoke: 'keys.revoke' } as const;

/** The states that each mark applies to, with its title and words. */
const marks: Record<Mark, { from: CampaignKeyState[]; title: string; words: string }> = {
  'handed-over': {
    from: ['generated', 'in-use'],
    title: 'Mark keys as handed over',
    words: 'handed over',
  },
  'in-use': { from: ['generated', 'handed-over'], title: 'Mark keys as in use', words: 'in use' },
  skipped: {
    // also what is unclear: it may never become clear
    from: ['todo', 'generating', 'failed', 'generated', 'handed-over', 'in-use', 'revoking'],
    title: 'Skip keys of a campaign',
    words: 'skipped',
  },
  open: { from: ['skipped', 'failed'], title: 'Do keys after all', words: 'taken up again' },
};

/** Rotations of many keys, staged over weeks; each is rows in the archive of its cluster. */
export class KeyCampaigns {
  readonly #options: KeyCampaignsOptions;
  readonly #turns = new Map<string, PQueue>();

  constructor(options: KeyCampaignsOptions) {
    this.#options = options;
  }

  async list({ connectionId, ...page }: ParsedInput<'campaigns.list'>) {
    const archive = await this.#options.archives.get(connectionId);
    const { total, rows } = await archive.read('listCampaigns', page);
    return { total, rows: rows.map((campaign) => this.#view(campaign)) };
  }

  /** @throws AppError `NOT_FOUND` */
  async get(connectionId: string, campaignId: string): Promise<View> {
    return this.#view(await this.#stored(connectionId, campaignId));
  }

  /** One page of keys, with the last activity of each user. */
  async keys({
    connectionId,
    ...query
  }: ParsedInput<'campaigns.keys'>): Promise<CallOutput<'campaigns.keys'>> {
    const archive = await this.#options.archives.get(connectionId);
    const { total, rows } = await archive.read('listCampaignKeys', query);
    const userIds = [...new Set(rows.map(({ userId }) => userId))];
    const found = await archive.read('lastActiveDays', { userIds });
    const days = new Map(found.map((one) => [one.userId, one.day]));
    return {
      total,
      rows: rows.map(({ before: _before, unclearSince: _since, ...key }) => {
        const last = days.get(key.userId);
        const lastActiveOn =
          last === undefined ? null : new Date(last * day).toISOString().slice(0, 10);
        return { ...key, lastActiveOn };
      }),
    };
  }

  async start(input: ParsedInput<'campaigns.start'>): Promise<View> {
    const { connectionId, title, comment, kind } = input;
    const { clusters, archives } = this.#options;
    const cluster = await clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const keys = await collectKeys(snapshot, input, cluster.connection.accessKeyId);
    if (keys.length === 0) throw noKeys();
    if (keys.length > mostKeys) throw tooMany(keys.length);
    const campaignId = randomUUID();
    const campaign = { campaignId, title, comment, kind, createdBy: operatorName() };
    const archive = await archives.get(connectionId);
    const made = `${formatCounted(keys.length, 'key')} to ${kind === 'rotate' ? 'rotate' : 'finish the rotation of'}`;
    const entry = {
      operation: 'campaigns.start',
      title: 'Start key campaign',
      ...{ before: { keys: null }, after: { keys: made } },
    } as const;
    await this.#inTurn(connectionId, () =>
      this.#note(connectionId, campaign, entry, () =>
        archive.write('createCampaign', { campaign, keys }),
      ),
    );
    this.#changed(connectionId);
    return this.get(connectionId, campaignId);
  }

  async update({
    connectionId,
    campaignId,
    ...change
  }: ParsedInput<'campaigns.update'>): Promise<View> {
    await this.#inTurn(connectionId, async () => {
      const campaign = await this.#stored(connectionId, campaignId);
      const { closedAt } = campaign;
      if (change.closed) this.#assertIdle(campaignId);
      const isSo = change.closed === (closedAt !== null);
      const update = { ...change, closed: isSo ? undefined : change.closed, by: operatorName() };
      const archive = await this.#options.archives.get(connectionId);
      const write = () => archive.write('updateCampaign', { campaignId, ...update });
      if (update.closed === undefined) return write();
      const [before, after] = update.closed ? ['open', 'closed'] : ['closed', 'open'];
      const entry = {
        operation: 'campaigns.update',
        title: update.closed ? 'Close key campaign' : 'Reopen key campaign',
        ...{ before: { state: before }, after: { state: after } },
      } as const;
      return this.#note(connectionId, campaign, entry, write);
    });
    this.#changed(connectionId);
    return this.get(connectionId, campaignId);
  }

  /** Marks keys as the operator says; the journal records their ids. */
  async mark(input: ParsedInput<'campaigns.mark'>): Promise<CallOutput<'campaigns.mark'>> {
    const done = await this.#inTurn(input.connectionId, () => this.#mark(input));
    this.#changed(input.connectionId);
    return done;
  }

  async #mark(input: ParsedInput<'campaigns.mark'>): Promise<CallOutput<'campaigns.mark'>> {
    const { connectionId, campaignId, as, reason } = input;
    const campaign = await this.#stored(connectionId, campaignId);
    assertOpen(campaign);
    this.#assertIdle(campaignId);
    if (as === 'skipped' && reason === '') throw noReason();
    const { title, words } = marks[as];
    const archive = await this.#options.archives.get(connectionId);
    const wanted = await this.#toMark(input);
    const held = new Set(await archive.read('campaignRowsHeldElsewhere', { campaignId }));
    const keys = wanted.filter(({ row }) => as !== 'open' || !held.has(row));
    const heldElsewhere = wanted.length - keys.length;
    if (keys.length === 0) return { marked: 0, heldElsewhere };
    const ids = keys.map(({ newAccessKeyId, oldAccessKeyId }) => newAccessKeyId ?? oldAccessKeyId);
    const mark = { campaignId, keys, as, reason: reason || null, by: operatorName() };
    let marked = 0;
    const entry = {
      operation: 'campaigns.mark',
      title,
      before: { keys: null },
      after: { keys: `${words}: ${ids.join(', ')}`, ...(reason === '' ? {} : { reason }) },
    } as const;
    await this.#note(connectionId, campaign, entry, async () => {
      marked = await archive.write('markCampaignKeys', mark);
    });
    return { marked, heldElsewhere };
  }

  /** Records an operator's decision on a campaign, and carries it out. */
  async #note(
    connectionId: string,
    { campaignId, title: ticket }: Pick<StoredCampaign, 'campaignId' | 'title'>,
    entry: Pick<JournalIntent, 'operation' | 'title' | 'before' | 'after'>,
    act: () => Promise<void>,
  ): Promise<void> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const about = { ...aboutConnection(connection), input: { campaignId }, ticket };
    await this.#options.journal.note({ ...about, ...entry }, act);
  }

  /** Keys whose state allows the mark and has not changed since they were shown. */
  async #toMark({ connectionId, campaignId, rows, states, as }: ParsedInput<'campaigns.mark'>) {
    const seen = new Map(rows.map((row, index) => [row, states?.[index]]));
    return (await this.#allKeys(connectionId, campaignId)).filter(
      ({ row, state }) =>
        seen.has(row) && (seen.get(row) ?? state) === state && marks[as].from.includes(state),
    );
  }

  /** What a step would do. Sends readings only. */
  async preview(input: ParsedInput<'campaigns.preview'>): Promise<CallOutput<'campaigns.preview'>> {
    const { connectionId, campaignId, step } = input;
    const campaign = await this.#stored(connectionId, campaignId);
    const due = await this.#due(input);
    const context = await this.#options.engine.contextOf(connectionId);
    const needsTypedName = this.#nameToType(context.cluster.connection, step, campaign);
    const nothing = { keys: due.length, first: null, refusal: null, needsTypedName };
    const [key] = due;
    if (!key) return nothing;
    const revoked = step === 'revoke' ? { accessKeyId: key.oldAccessKeyId } : {};
    const own = { ...inputOf(key), ...revoked };
    try {
      return { ...nothing, first: await previewOf(operations[step], connectionId, own, context) };
    } catch (thrown) {
      const { message, hint, code } = toAppError(thrown);
      if (code === 'INTERNAL') throw thrown;
      return { ...nothing, refusal: { message, hint } };
    }
  }

  /**
   * Starts a step, or resumes it.
   * @returns the task's id
   * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `CONFIRMATION_REQUIRED`, `TASK_BUSY`
   */
  step(input: StepInput): Promise<string> {
    return this.#inTurn(input.connectionId, () => this.#step(input));
  }

  async #step(input: StepInput): Promise<string> {
    const { connectionId, campaignId, step, ticket } = input;
    const { clusters, archives, tasks, engine, journal } = this.#options;
    const { connection } = await clusters.get(connectionId);
    const campaign = await this.#stored(connectionId, campaignId);
    assertOpen(campaign);
    assertWritable(connection);
    assertTyped(this.#nameToType(connection, step, campaign), input.typedName);
    const archive = await archives.get(connectionId);
    const due = await this.#due(input);
    this.#assertIdle(campaignId);
    const { taskId, finished } = tasks.start({
      kind,
      title: `${titles[step]}: ${campaign.title}`,
      connectionId,
      canPause: true,
      about: campaignId,
      writesTo: [connectionId],
      run: (controls) => {
        const work = {
          ...{ connectionId, campaignId, engine, journal, archive, by: operatorName() },
          ...{ ticket: ticket ?? `Key campaign: ${campaign.title}`, signal: controls.signal },
        };
        return this.#run(due, controls, (key) => runKey(work, step, key)).finally(() =>
          engine.settled(),
        );
      },
    });
    this.#changed(connectionId);
    const tell = (): void => engine.tell(connectionId, ['users', 'keys', 'campaigns']);
    finished.then(tell, tell);
    return taskId;
  }

  async #run(
    due: readonly StoredCampaignKey[],
    controls: TaskControls,
    work: (key: StoredCampaignKey) => Promise<boolean>,
  ) {
    let [done, failed] = [0, 0];
    controls.progress({ total: due.length, done, failed });
    await inTurn(due, keysAtOnce, async (key) => {
      await controls.checkpoint();
      if (!(await work(key))) failed += 1;
      done += 1;
      controls.progress({ done, failed });
      controls.keep({ done: done - failed, failed });
    });
    return { done: done - failed, failed };
  }

  /**
   * Changes the campaigns of a cluster one after the other: what a change was based on (that no step is
   * under way, how keys are) is still so when it is written.
   */
  #inTurn<Result>(connectionId: string, change: () => Promise<Result>): Promise<Result> {
    const turns = this.#turns.get(connectionId) ?? new PQueue({ concurrency: 1 });
    this.#turns.set(connectionId, turns);
    return turns.add(change);
  }

  async #due({
    connectionId,
    campaignId,
    step,
    rows,
  }: Pick<StepInput, 'connectionId' | 'campaignId' | 'step' | 'rows'>) {
    const wanted = rows && new Set(rows);
    return (await this.#allKeys(connectionId, campaignId)).filter(
      (key) =>
        isDueFor(step, key.state, key.newAccessKeyId !== null) && (wanted?.has(key.row) ?? true),
    );
  }

  async #allKeys(connectionId: string, campaignId: string): Promise<StoredCampaignKey[]> {
    const archive = await this.#options.archives.get(connectionId);
    const query = { campaignId, offset: 0, limit: mostKeys };
    return (await archive.read('listCampaignKeys', query)).rows;
  }

  #nameToType(
    connection: Parameters<typeof nameToType>[0],
    step: StepInput['step'],
    { title }: StoredCampaign,
  ): string | null {
    return nameToType(connection, step === 'revoke', title);
  }

  #assertIdle(campaignId: string): void {
    if (!this.#options.tasks.runningAbout(campaignId, kind)) return;
    throw new AppError({
      code: 'TASK_BUSY',
      message: 'A step of this campaign is in progress.',
      hint: 'Wait for its task, or cancel it first.',
    });
  }

  async #stored(connectionId: string, campaignId: string): Promise<StoredCampaign> {
    await this.#options.clusters.get(connectionId);
    const archive = await this.#options.archives.get(connectionId);
    const found = await archive.read('findCampaign', { campaignId });
    if (found) return found;
    throw notFound(
      'This cluster has no key campaign of that id.',
      'Look at the list of key campaigns.',
    );
  }

  #view({ tallies, ...campaign }: StoredCampaign): View {
    const due = (step: StepInput['step']): number =>
      tallies
        .filter(({ state, hasNewKey }) => isDueFor(step, state, hasNewKey))
        .reduce((sum, { keys }) => sum + keys, 0);
    return {
      ...campaign,
      due: { generate: due('generate'), revoke: due('revoke') },
      taskId: this.#options.tasks.runningAbout(campaign.campaignId, kind)?.taskId ?? null,
    };
  }

  #changed(connectionId: string): void {
    const topics = ['campaigns', 'journal'] as const;
    this.#options.events.emit('data.changed', { connectionId, topics: [...topics] });
  }
}

function previewOf<Name extends (typeof operations)[StepInput['step']]>(
  name: Name,
  connectionId: string,
  own: Record<string, unknown>,
  context: OperationContext,
) {
  return previewOperation(operationOf(name), parseInput(name, connectionId, own), context);
}

function assertOpen({ closedAt }: StoredCampaign): void {
  if (closedAt === null) return;
  throw conflict('This campaign is closed.', 'Reopen it first.');
}

function noReason(): AppError {
  return invalidInput('Skipping keys needs a reason.', 'Enter why they are not rotated.');
}

function noKeys(): AppError {
  return invalidInput(
    'No known key matches.',
    'Keys are fetched per user: load keys and limits on the Keys page first, or widen the filters.',
  );
}

function tooMany(count: number): AppError {
  return invalidInput(
    `${count.toLocaleString('en-US')} keys are too many for one campaign.`,
    `Narrow the filters to ${mostKeys.toLocaleString('en-US')} keys at most.`,
  );
}
