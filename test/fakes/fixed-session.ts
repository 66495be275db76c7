import type { WebSession } from '#renderer/kit/rpc/transport/web-session.ts';

/** A session of one token; where the shell refuses it, asking for another fails as the shell says. */
export function fixedSession(token: string, refusal: Error = new Error('refused')): WebSession {
  return {
    token: async () => token,
    renew: () => Promise.reject(refusal),
    ended: () => null,
    onChange: () => () => undefined,
    open: async () => undefined,
    signOut: async () => undefined,
  };
}
