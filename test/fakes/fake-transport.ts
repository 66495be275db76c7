import type { SubscriptionListener, Transport } from '#renderer/kit/rpc/transport/transport.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';

type Answer = (input: never) => unknown;

/** A core that answers what a test tells it to, call by call, and remembers what it was asked. */
export class FakeTransport implements Transport {
  /** Every call so far, in order. */
  readonly calls: { name: string; input: unknown }[] = [];
  readonly #answers = new Map<string, Answer>([
    ['preferences.get', () => ({})],
    ['preferences.set', () => null],
  ]);
  #otherwise: (name: CallName) => unknown = (name) => {
    throw unanswered(name);
  };
  readonly #listeners = new Set<SubscriptionListener>();

  /** Answers calls of this name from now on; an `AppError` that is thrown becomes the reply. */
  on<Name extends CallName>(
    name: Name,
    answer: (input: CallInput<Name>) => CallOutput<Name> | Promise<CallOutput<Name>>,
  ): this {
    this.#answers.set(name, answer as Answer);
    return this;
  }

  /** Answers what it has no answer to by this. */
  otherwise(answer: (name: CallName) => unknown): this {
    this.#otherwise = answer;
    return this;
  }

  /** Answers what it has no answer to as another one does. */
  like(other: FakeTransport): this {
    for (const [name, answer] of other.#answers) {
      if (!this.#answers.has(name)) this.#answers.set(name, answer);
    }
    return this;
  }

  /** The inputs of every call of this name so far. */
  inputsOf<Name extends CallName>(name: Name): CallInput<Name>[] {
    return this.calls
      .filter((call) => call.name === name)
      .map((call) => call.input as CallInput<Name>);
  }

  /** Tells every subscriber of an event. */
  emit(event: ConsoleEvent): void {
    for (const listener of this.#listeners) listener.onEvent(event);
  }

  async call(name: string, input: unknown): Promise<CallReply> {
    this.calls.push({ name, input });
    const answer = this.#answers.get(name);
    try {
      const value = answer ? answer(input as never) : this.#otherwise(name as CallName);
      return { ok: true, value: await value };
    } catch (thrown) {
      return { ok: false, error: toAppError(thrown).toData() };
    }
  }

  subscribe(listener: SubscriptionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function unanswered(name: string): AppError {
  return new AppError({
    code: 'CALL_UNKNOWN',
    message: `The fake core does not know how to answer ${name}.`,
    hint: 'Tell it in the test.',
  });
}
