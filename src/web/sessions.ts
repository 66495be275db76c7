import { createHash, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type AppError, invalidInput } from '#shared/errors.ts';
import { type Refusal, refusal } from './guards.ts';
import { parseBody } from './rpc-route.ts';

const opening = z.object({ code: z.string().max(200).optional() });

/** Browsers keep cookies by host, not by port: consoles on two ports must not take each other's. */
function cookieName({ headers }: FastifyRequest): string {
  return `ostor-console-${/:(\d+)$/.exec(headers.host ?? '')?.[1] ?? '80'}`;
}

function sentCookie(request: FastifyRequest): string | undefined {
  const name = cookieName(request);
  const pairs = (request.headers.cookie ?? '').split(/; */).map((pair) => pair.split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
  const attributes = 'Path=/session; HttpOnly; SameSite=Strict';
  const end = value === '' ? '; Max-Age=0' : '';
  reply.header('set-cookie', `${cookieName(request)}=${value}; ${attributes}${end}`);
}

/**
 * `POST /session` exchanges a one-time code for the bearer token of all calls, or resumes the session
 * of a page that was reloaded by its cookie. `DELETE /session` signs out.
 */
export function addSessionRoute(server: FastifyInstance, sessions: Sessions): void {
  server.post('/session', { bodyLimit: 4096 }, async (request, reply) => {
    const input = opening.safeParse(parseBody(request.body));
    if (!input.success) throw invalidOpening();
    const { code } = input.data;
    // A page says where it is from; without that, a cookie that another program got hold of opens nothing.
    const cookie = request.headers.origin === undefined ? undefined : sentCookie(request);
    const opened = code === undefined ? sessions.resume(cookie) : sessions.open(code);
    if ('error' in opened) {
      return reply.status(opened.status).send({ ok: false, error: opened.error.toData() });
    }
    if (opened.cookie !== null) setCookie(request, reply, opened.cookie);
    return reply.send({ token: opened.token });
  });
  server.delete('/session', async (request, reply) => {
    const session = sessions.find(request.headers.authorization, true);
    setCookie(request, reply, '');
    if ('error' in session) {
      return reply.status(session.status).send({ ok: false, error: session.error.toData() });
    }
    sessions.signOut(session);
    return reply.send({ ok: true, value: null });
  });
}

function invalidOpening(): AppError {
  return invalidInput(
    'POST /session takes {"code":"…"}, or {} from a page that was reloaded.',
    'Send the code of the printed address.',
  );
}

/** How long a code can be exchanged, and how long after its last page closed a session can be resumed. */
const codeMilliseconds = 60_000;
const reloadMilliseconds = 60_000;

/** Tokens of one browser that are valid at once: its tabs and what was reloaded. */
const mostTokens = 20;

/** Ended sessions whose pages can still be shown why. */
const mostEnded = 200;

type SessionEnd = 'signed-out' | 'idle' | 'left' | 'another-browser' | 'closed';

const endings: Record<SessionEnd, string> = {
  'signed-out': 'You signed out of the console.',
  idle: 'The console signed you out because nobody used it for a while.',
  left: "The console's last page was closed more than 60 s ago.",
  'another-browser': 'The console was opened in another browser, so this one was signed out.',
  closed: 'The console is shutting down.',
};

interface SessionLimits {
  /** A browser that nobody uses for so long is signed out. */
  idleMilliseconds: number;
  /** Browsers that may be signed in at once; one more signs the earliest out. */
  browsers: number;
  /** Says how to get another code. */
  howToOpen?: string;
  /** Called when a new browser took the place of an earlier one. */
  onTakenOver?: () => void;
  /** Called when the last browser is signed out or has left: nobody is at the console. */
  onDeserted?: () => void;
  now?: () => number;
}

/** One browser, or the scripts that read the token file. */
export interface Session {
  readonly kind: 'browser' | 'script';
  /** Aborted when the session ends. */
  readonly ended: AbortSignal;
  /** A page or script of it listens to events: until it leaves, the session can be resumed. */
  enterPage(): () => void;
}

interface Kept extends Session {
  tokens: string[];
  cookie: string | null;
  usedAt: number;
  pages: number;
  leftAt: number;
  abort: AbortController;
}

/** Secrets of a session, handed out once; the shell itself keeps their digests alone. */
export interface OpenedSession {
  token: string;
  /** Null where the browser has it already. */
  cookie: string | null;
}

const secret = (bytes: number): string => randomBytes(bytes).toString('base64url');
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Codes, tokens and cookies of the web shell: who is signed in, and until when. */
export class Sessions {
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #sessions = new Set<Kept>();
  readonly #endings = new Map<string, SessionEnd>();
  #code: { digest: string; until: number } | null = null;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
    this.#now = limits.now ?? Date.now;
  }

  /** Returns a new one-time code; an earlier one is void from here on. */
  issueCode(): string {
    const code = secret(16);
    this.#code = { digest: digest(code), until: this.#now() + codeMilliseconds };
    return code;
  }

  /** Exchanges a code for a session. Where too many browsers are signed in, the earliest is signed out. */
  open(code: string): OpenedSession | Refusal {
    const known = this.#code;
    if (known?.digest !== digest(code)) {
      return this.#refuse(
        'This code is not valid: it was used, replaced, or is not of this console.',
      );
    }
    this.#code = null;
    if (this.#now() >= known.until)
      return this.#refuse('This code has expired: it is valid for 60 s.');
    const session = this.#add('browser');
    this.#makeRoom();
    const cookie = secret(32);
    session.cookie = digest(cookie);
    return { token: this.#newToken(session), cookie };
  }

  /** Resumes the session of a cookie after a reload, or for another tab. */
  resume(cookie: string | undefined): OpenedSession | Refusal {
    this.sweep();
    const sent = cookie === undefined ? null : digest(cookie);
    if (sent === null) return this.#refuse('This browser is not signed in to the console.');
    const session = [...this.#sessions].find((one) => one.cookie === sent);
    if (!session) return this.#refuse(this.#whyEnded(sent));
    // Once its last page is gone, what a browser left on the disk opens nothing.
    if (session.pages === 0 && this.#now() >= session.leftAt + reloadMilliseconds) {
      this.#end(session, 'left');
      return this.#refuse(endings.left);
    }
    return { token: this.#newToken(session), cookie: null };
  }

  /** Returns a token for scripts, valid until the shell ends. */
  issueScriptToken(): string {
    return this.#newToken(this.#add('script'));
  }

  /**
   * Finds the session of an `Authorization` header.
   * @param used whether somebody is at work: what a page sends unattended does not keep it open
   */
  find(authorization: string | undefined, used: boolean): Session | Refusal {
    this.sweep();
    const sent = digest(/^Bearer ([\w-]{1,200})$/.exec(authorization ?? '')?.[1] ?? '');
    const session = [...this.#sessions].find(({ tokens }) => tokens.includes(sent));
    if (!session) return this.#refuse(this.#whyEnded(sent));
    if (used) session.usedAt = this.#now();
    return session;
  }

  /** Ends a session: its tokens and its cookie are void. */
  signOut(session: Session): void {
    this.#end(session as Kept, 'signed-out');
  }

  /** Ends the sessions of browsers that nobody uses. */
  sweep(): void {
    const longestAgo = this.#now() - this.#limits.idleMilliseconds;
    for (const session of this.#sessions) {
      if (session.kind === 'browser' && session.usedAt <= longestAgo) this.#end(session, 'idle');
    }
  }

  close(): void {
    this.#code = null;
    for (const session of this.#sessions) this.#end(session, 'closed');
  }

  #add(kind: Session['kind']): Kept {
    const abort = new AbortController();
    const at = this.#now();
    const session: Kept = {
      ...{ kind, abort, ended: abort.signal, tokens: [], cookie: null },
      ...{ usedAt: at, leftAt: at, pages: 0 },
      enterPage: () => {
        session.pages += 1;
        return () => {
          session.pages -= 1;
          session.leftAt = this.#now();
        };
      },
    };
    this.#sessions.add(session);
    return session;
  }

  #newToken(session: Kept): string {
    const token = secret(32);
    session.tokens = [...session.tokens, digest(token)].slice(-mostTokens);
    session.usedAt = this.#now();
    session.leftAt = session.usedAt;
    return token;
  }

  #makeRoom(): void {
    const browsers = [...this.#sessions].filter(({ kind }) => kind === 'browser');
    const surplus = browsers.slice(0, -this.#limits.browsers);
    for (const session of surplus) this.#end(session, 'another-browser');
    if (surplus.length > 0) this.#limits.onTakenOver?.();
  }

  #end(session: Kept, reason: SessionEnd): void {
    this.#sessions.delete(session);
    for (const known of [...session.tokens, session.cookie ?? '']) this.#endings.set(known, reason);
    for (const oldest of [...this.#endings.keys()].slice(0, -mostEnded)) {
      this.#endings.delete(oldest);
    }
    session.abort.abort();
    if (session.kind === 'browser' && this.isDeserted && reason !== 'closed')
      this.#limits.onDeserted?.();
  }

  /** Whether no browser is signed in. */
  get isDeserted(): boolean {
    return [...this.#sessions].every(({ kind }) => kind === 'script');
  }

  #whyEnded(sent: string): string {
    const ending = this.#endings.get(sent);
    return ending ? endings[ending] : 'This browser or script is not signed in to the console.';
  }

  #refuse(message: string): Refusal {
    return refusal(401, message, this.#limits.howToOpen ?? defaultHint);
  }
}

const defaultHint = 'Open the address that the console prints, within 60 s.';
