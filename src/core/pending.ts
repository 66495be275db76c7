import { type CallName, contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { AllHandlers } from './dispatch.ts';

/** Answers for the domains whose handlers are being wired in. */
export function pendingHandlers(): AllHandlers {
  const refuse = async (): Promise<never> => {
    throw new AppError({ code: 'INTERNAL', message: 'Not wired in yet.', hint: 'Wait.' });
  };
  const names = Object.keys(contract) as CallName[];
  return Object.fromEntries(names.map((name) => [name, refuse])) as unknown as AllHandlers;
}
