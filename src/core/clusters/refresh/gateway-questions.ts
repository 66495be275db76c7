import type { DataTopic } from '#shared/contract/events.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import type { EventBus } from '../../platform/events.ts';
import type { Cluster } from '../clusters.ts';
import type { SyncService } from './sync-service.ts';

/** How long a page waits for the gateway before it shows what was last seen, milliseconds. */
const patience = 2_000;
/** How long one question may take in all, milliseconds. */
const wholeDeadline = 60_000;
/** How long an answer that came late is kept for the page that is notified of it, milliseconds. */
const keptFor = 10_000;

/** The gateway's answer, or why there is none; or that it is still being asked. */
export type GatewayAnswer<Value> =
  | { value: Value }
  | { error: AppError }
  | { waiting: Promise<{ value: Value } | { error: AppError }> };

/** Errors that prove the gateway answered with its list. */
const saidByItsList: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'TARGET_AMBIGUOUS',
  'TARGET_CHANGED',
]);

type Answered = { value: unknown } | { error: AppError };

export interface Question<Value> {
  cluster: Cluster;
  /** Ends the request if the caller goes away before its patience ended. */
  signal: AbortSignal;
  /** What is asked about, unique in the cluster: `user/…`. */
  about: string;
  /** What a late answer makes stale: see `data.changed`. */
  topics: DataTopic[];
  ask(gateway: Gateway, signal: AbortSignal): Promise<Value>;
  /** Saves a value that is still valid: no write was made since the question. */
  keep?(value: Value): Promise<void>;
}

interface Asked {
  connectionId: string;
  abort: AbortController;
  waiters: number;
  /** Somebody was asked to try again. */
  late: boolean;
  /** A write was made meanwhile: the answer may predate it. */
  outdated: boolean;
  answer: Promise<Answered>;
  settled: { answer: Answered; at: number } | null;
}

/**
 * Asks the gateway quick questions for pages and keeps `sync` informed whether it answered. A gateway
 * that takes longer than a page waits is not given up: the page shows what was last seen, and
 * `data.changed` tells when the answer is there. Whoever asks the same meanwhile joins.
 */
export class GatewayQuestions {
  readonly #sync: SyncService;
  readonly #events: EventBus;
  readonly #asked = new Map<string, Asked>();
  readonly #unsubscribe: () => void;

  constructor({ sync, events }: { sync: SyncService; events: EventBus }) {
    this.#sync = sync;
    this.#events = events;
    this.#unsubscribe = events.subscribe(({ name, payload }) => {
      // every write is in the journal
      if (name === 'data.changed' && payload.topics.includes('journal')) {
        this.#forget(payload.connectionId);
      }
    });
  }

  /** Asks, and waits for the patience of a page. Never rejects because of the gateway. */
  async ask<Value>(question: Question<Value>): Promise<GatewayAnswer<Value>> {
    const key = JSON.stringify([question.cluster.connection.id, question.about]);
    const asked = this.#joined(key) ?? this.#begin(key, question);
    if (asked.settled) return asked.settled.answer as { value: Value } | { error: AppError };
    const answer = await this.#waitFor(asked, question.signal);
    if (answer) return answer as { value: Value } | { error: AppError };
    asked.late = true;
    return { waiting: asked.answer as Promise<{ value: Value } | { error: AppError }> };
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    const open = [...this.#asked.values()];
    for (const { abort } of open) abort.abort();
    await Promise.all(open.map(({ answer }) => answer));
  }

  #joined(key: string): Asked | undefined {
    const asked = this.#asked.get(key);
    if (!asked?.settled || Date.now() - asked.settled.at < keptFor) return asked;
    this.#asked.delete(key);
    return undefined;
  }

  #forget(connectionId: string): void {
    for (const [key, asked] of this.#asked) {
      if (asked.connectionId !== connectionId) continue;
      asked.outdated = true;
      this.#asked.delete(key);
    }
  }

  async #waitFor(asked: Asked, signal: AbortSignal): Promise<Answered | null> {
    asked.waiters += 1;
    const end = Promise.withResolvers<null>();
    const timer = setTimeout(() => end.resolve(null), patience);
    const leave = (): void => {
      if (asked.waiters === 1 && !asked.late) asked.abort.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([asked.answer, end.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      asked.waiters -= 1;
    }
  }

  #begin<Value>(key: string, question: Question<Value>): Asked {
    const connectionId = question.cluster.connection.id;
    const asked: Asked = {
      connectionId,
      abort: new AbortController(),
      waiters: 0,
      late: false,
      outdated: false,
      answer: Promise.resolve({ error: toAppError(null) }),
      settled: null,
    };
    asked.answer = this.#answer(asked, question).then((answer) => {
      const wanted = this.#asked.get(key) === asked;
      if (!wanted) return answer;
      if (asked.late) {
        asked.settled = { answer, at: Date.now() };
        this.#events.emit('data.changed', { connectionId, topics: question.topics });
      } else this.#asked.delete(key);
      return answer;
    });
    this.#asked.set(key, asked);
    return asked;
  }

  async #answer<Value>(asked: Asked, { cluster, ask, keep }: Question<Value>): Promise<Answered> {
    const { id } = cluster.connection;
    const deadline = AbortSignal.timeout(wholeDeadline);
    try {
      const gateway = await cluster.gateway();
      const value = await ask(gateway, AbortSignal.any([asked.abort.signal, deadline]));
      // The answer is valid whether or not it could be kept.
      if (!asked.outdated) await keep?.(value).catch(() => undefined);
      await this.#sync.noteAnswer(id);
      return { value };
    } catch (thrown) {
      const error = deadline.aborted ? tooSlow() : toAppError(thrown);
      await this.#note(id, error).catch(() => undefined);
      return { error };
    }
  }

  async #note(connectionId: string, error: AppError): Promise<void> {
    const answered = saidByItsList.has(error.code) || (error.status ?? 500) < 500;
    if (answered) await this.#sync.noteAnswer(connectionId);
    else await this.#sync.noteFailure(connectionId, error);
  }
}

function tooSlow(): AppError {
  return new AppError({
    code: 'TIMED_OUT',
    message: `The gateway did not answer within ${wholeDeadline / 1000} seconds.`,
    hint: 'Try again in a moment; test the connection if it stays slow.',
    retryable: true,
  });
}

/**
 * Returns what a page is given: the gateway's value, or what was last seen with whether more is on its
 * way. Where nothing was ever seen there is nothing to show, and the answer is waited for.
 * @throws AppError the gateway's, where nothing was seen or it says that there is no such thing
 */
export async function answerOrCached<Value, Shown extends object>(
  answer: GatewayAnswer<Value>,
  asRead: (value: Value) => Promise<Shown>,
  lastSeen: () => Promise<Shown | null>,
): Promise<Shown & { source: 'gateway' | 'snapshot'; waiting?: boolean }> {
  if ('value' in answer) return { ...(await asRead(answer.value)), source: 'gateway' };
  if ('error' in answer) {
    const seen = answer.error.code === 'NOT_FOUND' ? null : await lastSeen();
    if (!seen) throw answer.error;
    return { ...seen, source: 'snapshot' };
  }
  const seen = await lastSeen();
  if (!seen) return await answerOrCached(await answer.waiting, asRead, lastSeen);
  return { ...seen, source: 'snapshot', waiting: true };
}
