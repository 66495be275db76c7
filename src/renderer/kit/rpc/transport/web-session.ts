import { AppError, type AppErrorData } from '#shared/errors.ts';

/** The page's session with the web shell. Its token is held in memory alone. */
export interface WebSession {
  /** Yields the token; asks for it first where there is none yet. Rejects with `CALLER_REFUSED`. */
  token(): Promise<string>;
  /** Yields another token after the shell refused one; the session ends where there is none. */
  renew(refused: string): Promise<string>;
  /** Why the page is signed out; null while it is not. */
  ended(): AppError | null;
  /** Calls `listener` when that changes. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
  /** Signs in again with the code of a printed address. */
  open(code: string): Promise<void>;
  signOut(): Promise<void>;
}

export interface WebSessionOptions {
  /** Origin of the web shell; empty for the page's own. */
  origin?: string;
  /** The one-time code of the address; null after a reload, when the browser's cookie is used. */
  code: string | null;
  fetch?: typeof fetch;
}

/** Returns the code in a printed address, or in what was pasted of it. */
export function codeOf(text: string): string | null {
  return /(?:^|#?code=)([\w-]{16,64})$/.exec(text.trim())?.[1] ?? null;
}

/** Returns the error for no answer: the web shell was stopped, or its machine is unreachable. */
export function shellGone(cause: unknown): AppError {
  return new AppError({
    code: 'NETWORK_UNREACHABLE',
    message: 'The web shell of the console does not answer.',
    hint: 'Start it again with "npm run start:web" and open the address it prints.',
    retryable: true,
    cause,
  });
}

function signedOut(): AppError {
  return new AppError({
    code: 'CALLER_REFUSED',
    message: 'You signed out of the console.',
    hint: 'Get a new address in the terminal of the console, then paste it here.',
  });
}

/** Opens the page's session: by a code where it has one, else by the cookie of an earlier page. */
export function createWebSession(options: WebSessionOptions): WebSession {
  const url = `${options.origin ?? ''}/session`;
  const request = options.fetch ?? ((...input: Parameters<typeof fetch>) => fetch(...input));
  const listeners = new Set<() => void>();
  let ended: AppError | null = null;
  let current: Promise<string> | null = null;
  let firstCode = options.code;

  const setEnded = (error: AppError | null): void => {
    ended = error;
    for (const listener of listeners) listener();
  };

  async function post(body: { code?: string }): Promise<string> {
    let answer: { token: string } | { ok: false; error: AppErrorData };
    try {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const reply = await request(url, { ...init, body: JSON.stringify(body) });
      answer = (await reply.json()) as typeof answer;
    } catch (thrown) {
      throw shellGone(thrown);
    }
    if ('token' in answer) return answer.token;
    throw new AppError(answer.error);
  }

  async function start(): Promise<string> {
    const code = firstCode;
    firstCode = null;
    try {
      return await post(code === null ? {} : { code });
    } catch (thrown) {
      current = null;
      if (thrown instanceof AppError && thrown.code === 'CALLER_REFUSED') setEnded(thrown);
      throw thrown;
    }
  }

  return {
    token: async () => {
      if (ended) throw ended;
      current ??= start();
      return await current;
    },
    renew: async (refused) => {
      if (ended) throw ended;
      // Several calls may have been refused at once: one of them asks.
      const asked = current;
      const known = await asked?.catch(() => null);
      if (known === refused && current === asked) current = start();
      current ??= start();
      return await current;
    },
    ended: () => ended,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open: async (code) => {
      const token = await post({ code });
      current = Promise.resolve(token);
      setEnded(null);
    },
    signOut: async () => {
      const token = await current?.catch(() => null);
      const headers = { authorization: `Bearer ${token ?? ''}` };
      await request(url, { method: 'DELETE', headers }).catch((thrown: unknown) => {
        throw shellGone(thrown);
      });
      current = null;
      setEnded(signedOut());
    },
  };
}
