import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, conflict, notFound, toAppError } from '#shared/errors.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type {
  CampaignKeyState,
  CampaignKeyStep,
  StoredCampaignKey,
} from '../../store/archive/queries/key-campaigns.ts';
import { stopsRun } from '../bulk/run-row.ts';
import type { Journal } from '../journal/journal.ts';
import { keysHeld } from '../operations/catalogue/key-holder.ts';
import { isCaller } from '../operations/catalogue/naming.ts';
import { parseInput } from '../operations/catalogue/operation.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { recheck } from '../operations/recheck.ts';

export interface KeyWork {
  connectionId: string;
  campaignId: string;
  engine: OperationEngine;
  journal: Pick<Journal, 'list'>;
  archive: Archive;
  ticket: string;
  by: string;
  signal: AbortSignal;
}

type Step = Partial<Pick<CampaignKeyStep, 'newAccessKeyId' | 'before' | 'reason' | 'hint'>>;

/** The states in which each step takes a key. */
export const takenUp = {
  generate: ['todo', 'generating', 'failed'],
  revoke: ['in-use', 'revoking', 'failed'],
} as const satisfies Record<string, readonly CampaignKeyState[]>;

/** Returns whether a step has something to do for a key; a failed key repeats the step that failed. */
export function isDueFor(
  step: keyof typeof takenUp,
  state: CampaignKeyState,
  hasNewKey: boolean,
): boolean {
  const states: readonly CampaignKeyState[] = takenUp[step];
  if (state === 'failed') return hasNewKey === (step === 'revoke');
  return states.includes(state);
}

/** Returns an operation's input of the key's holder. */
export function inputOf(key: Pick<StoredCampaignKey, 'userId' | 'accountName'>) {
  const { userId, accountName } = key;
  return { userId, ...(accountName === null ? {} : { accountName }) };
}

/**
 * Does a step for one key: reads what its holder has, puts on record what is about to be sent, sends it
 * once. What was sent when the console ended is looked for, never sent blindly.
 * @returns whether the step is done for it
 * @throws AppError what would end every other key too
 */
export async function runKey(
  work: KeyWork,
  step: keyof typeof takenUp,
  key: StoredCampaignKey,
): Promise<boolean> {
  const unclear = step === 'generate' ? 'generating' : 'revoking';
  const attempt: Attempt = { state: key.state };
  try {
    return await (step === 'generate' ? generate(work, key, attempt) : revoke(work, key, attempt));
  } catch (thrown) {
    const error = toAppError(thrown);
    const { message: reason, hint } = error;
    // one that was unclear before stays so until a reading says more
    const isUnclear =
      mayHaveHappened(error) ||
      (!isReadGone(error) &&
        (key.state === unclear || (attempt.state === unclear && stopsRun(error))));
    const state = isUnclear ? unclear : stopsRun(error) ? key.state : 'failed';
    // what is gone is generated once more
    const gone = error.details?.newKeyGone === true ? { newAccessKeyId: null } : {};
    await write(work, key, attempt, state, { reason, hint, ...gone });
    if (stopsRun(error)) throw error;
    return false;
  }
}

/** The key's record. */
interface Attempt {
  state: CampaignKeyState;
}

function mayHaveHappened({ code, details }: AppError): boolean {
  return details?.outcome === 'unknown' || code === 'WRITE_NOT_CONFIRMED';
}

/** Returns whether a reading showed that user, account or new key no longer exists, which is final. */
function isReadGone({ code, details }: AppError): boolean {
  return code === 'NOT_FOUND' || details?.newKeyGone === true;
}

async function generate(work: KeyWork, key: StoredCampaignKey, attempt: Attempt): Promise<boolean> {
  const held = await heldNow(work, key);
  if (key.state === 'generating') {
    const made = addedSince(key, held);
    if (made !== null) return adopted(work, key, attempt, made);
    await closeEntries(work, key, 'keys.generate', 'did not happen');
  }
  if (!held.includes(key.oldAccessKeyId)) {
    return skip(work, key, attempt, 'The old key no longer exists: there is nothing to replace.');
  }
  if (held.length >= 2) {
    return skip(
      work,
      key,
      attempt,
      `Both slots are full (${held.join(', ')}), so no second key can be generated.`,
    );
  }
  await note(work, key, attempt, 'generating', { before: held });
  const input = parseInput('keys.generate', work.connectionId, {
    ...inputOf(key),
    ticket: work.ticket,
  });
  try {
    // the secret stays with the gateway: the handover sheet fetches it when it is asked for
    const { value } = await work.engine.run('keys.generate', input, {
      confirmed: true,
      quiet: true,
    });
    if (value.verified) return adopted(work, key, attempt, value.accessKeyId);
    throw unconfirmed(value.journalId);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'KEY_LIMIT_REACHED') throw error;
    // an earlier request of this campaign came through late
    const made = addedSince({ ...key, before: held }, await heldNow(work, key));
    if (made === null) throw error;
    return adopted(work, key, attempt, made);
  }
}

async function revoke(work: KeyWork, key: StoredCampaignKey, attempt: Attempt): Promise<boolean> {
  const { oldAccessKeyId, newAccessKeyId } = key;
  const held = await heldNow(work, key);
  if (!held.includes(oldAccessKeyId)) return revoked(work, key, attempt);
  if (key.state === 'revoking') await closeEntries(work, key, 'keys.revoke', 'did not happen');
  if (
    newAccessKeyId === null ||
    newAccessKeyId === oldAccessKeyId ||
    !held.includes(newAccessKeyId)
  ) {
    throw newKeyGone(newAccessKeyId);
  }
  await note(work, key, attempt, 'revoking', {});
  const input = parseInput('keys.revoke', work.connectionId, {
    ...{ ...inputOf(key), accessKeyId: oldAccessKeyId },
    ticket: work.ticket,
  });
  const { value } = await work.engine.run('keys.revoke', input, { confirmed: true, quiet: true });
  if (!value.verified) throw unconfirmed(value.journalId);
  return revoked(work, key, attempt);
}

/** The one key that came since; null where none did, or more than one. */
function addedSince({ before }: StoredCampaignKey, held: readonly string[]): string | null {
  const added = held.filter((id) => !(before ?? []).includes(id));
  return before !== null && added.length === 1 ? (added[0] ?? null) : null;
}

async function adopted(
  work: KeyWork,
  key: StoredCampaignKey,
  attempt: Attempt,
  made: string,
): Promise<boolean> {
  if (key.state === 'generating') await closeEntries(work, key, 'keys.generate', 'happened');
  await note(work, key, attempt, 'generated', { newAccessKeyId: made });
  return true;
}

async function revoked(work: KeyWork, key: StoredCampaignKey, attempt: Attempt): Promise<boolean> {
  if (key.state === 'revoking') await closeEntries(work, key, 'keys.revoke', 'happened');
  await note(work, key, attempt, 'revoked', {});
  return true;
}

async function skip(
  work: KeyWork,
  key: StoredCampaignKey,
  attempt: Attempt,
  reason: string,
): Promise<boolean> {
  await note(work, key, attempt, 'skipped', { reason });
  return true;
}

async function heldNow(work: KeyWork, key: StoredCampaignKey): Promise<string[]> {
  const { reader, caller } = await work.engine.contextOf(work.connectionId, work.signal);
  const { user } = await reader.user(key.userId);
  if (isCaller(user, caller)) throw ownUser();
  const held = keysHeld(user, key.accountName ?? undefined);
  if (held === null) throw accountGone(key.accountName ?? '');
  return held;
}

/** Closes entries of the journal that an earlier attempt left open. */
async function closeEntries(
  { connectionId, journal, engine }: KeyWork,
  { userId, accountName, changedAt, unclearSince }: StoredCampaignKey,
  operation: 'keys.generate' | 'keys.revoke',
  how: 'happened' | 'did not happen',
): Promise<void> {
  const filter = { targetId: userId, operation, from: unclearSince ?? changedAt };
  const { rows } = await journal.list(connectionId, { filter, offset: 0, limit: 20 });
  for (const { result, runId, journalId } of rows) {
    if (result !== 'open' && result !== 'unknown' && result !== 'sent') continue;
    // keys of the user itself and of its accounts are one target; a bulk run's are its own
    const { input } = await engine.journal.intent(connectionId, journalId);
    if (runId !== null || (input.accountName ?? null) !== accountName) continue;
    if (how === 'happened') {
      await recheck(engine, connectionId, journalId, { quiet: true }).catch(() => undefined);
      continue;
    }
    const error = didNotHappen(journalId).toData();
    const outcome = { result: 'refused', requestId: null, error } as const;
    await engine.journal.close(connectionId, journalId, outcome);
  }
}

/** Saves a key's new state. Stops for a key that was changed by somebody else. */
async function note(...step: Parameters<typeof write>): Promise<void> {
  if (!(await write(...step))) throw changedMeanwhile();
}

/** Returns whether the key's record was unchanged since it was read. */
async function write(
  { archive, campaignId, by }: KeyWork,
  { row }: StoredCampaignKey,
  attempt: Attempt,
  state: CampaignKeyState,
  step: Step,
): Promise<boolean> {
  const change = { campaignId, row, from: attempt.state, state, by, ...step };
  const isWritten = await archive.write('stepCampaignKey', change);
  if (isWritten) attempt.state = state;
  return isWritten;
}

function unconfirmed(journalId: CallOutput<'keys.revoke'>['journalId']): AppError {
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: 'It was sent, but reading back did not confirm it.',
    hint: 'Repeat the step: it checks the outcome first.',
    details: { journalId },
  });
}

function didNotHappen(journalId: string): AppError {
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: 'The console ended or lost the answer; reading shows that it did not happen.',
    hint: 'The campaign sends it again, once, under a new entry.',
    details: { journalId },
  });
}

function changedMeanwhile(): AppError {
  return conflict(
    'This key of the campaign was changed meanwhile.',
    'Look at its state, then repeat the step.',
  );
}

function newKeyGone(accessKeyId: string | null): AppError {
  return new AppError({
    code: 'CONFLICT',
    message: `The new key ${accessKeyId ?? ''} no longer exists: without the old one nobody could sign in.`,
    hint: 'Generate keys once more, or skip it.',
    details: { newKeyGone: true },
  });
}

function ownUser(): AppError {
  return new AppError({
    code: 'SELF_LOCKOUT_REFUSED',
    message: 'This console signs in with a key of this user; nothing was sent.',
    hint: 'Rotate it under Connections.',
  });
}

function accountGone(name: string): AppError {
  return notFound(`The account "${name}" no longer exists.`, 'Skip this key.');
}
