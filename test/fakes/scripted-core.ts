import type { Dispatch } from '#core/platform/dispatch.ts';
import { EventBus } from '#core/platform/events.ts';
import type { CallContext, CallReply } from '#shared/contract/index.ts';

/** A call as it arrived. */
export interface ArrivedCall {
  name: unknown;
  input: unknown;
  signal: AbortSignal;
}

/** A core that answers as a test set it, and remembers what it was asked. */
export class ScriptedCore {
  readonly events = new EventBus();
  readonly arrived: ArrivedCall[] = [];
  /** Answers every call; what it yields is the reply. */
  script: (call: ArrivedCall) => Promise<CallReply> = async () => ({ ok: true, value: null });

  readonly dispatch: Dispatch = (name, input, { signal }: CallContext) => {
    const call = { name, input, signal };
    this.arrived.push(call);
    return this.script(call);
  };
}
