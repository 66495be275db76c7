import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Transport } from './transport/transport.ts';

/** Calls core. Rejects with an `AppError`, whatever went wrong. */
export type Call = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
) => Promise<CallOutput<Name>>;

/** The typed door to core over a transport. */
export function createCall(transport: Transport): Call {
  return async <Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    signal?: AbortSignal,
  ): Promise<CallOutput<Name>> => {
    const reply = await transport.call(name, input, signal);
    if (!reply.ok) throw AppError.fromData(reply.error);
    return reply.value as CallOutput<Name>;
  };
}
