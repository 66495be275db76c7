import { AppError, type ErrorCode } from '#shared/errors.ts';
import { routeOf } from './answers/answer-way.ts';
import { describeSkew, measureSkew, notableSkewSeconds } from './answers/clock-skew.ts';
import { createExchange, type GatewayOptions } from './create-gateway.ts';
import type { Exchange, ObservedHead } from './exchange.ts';
import type { GatewayUser, UserSelector } from './model/gateway.ts';
import { foreignAnswer } from './model/read-fields.ts';
import { readUser, readUserList } from './model/read-user.ts';
import type { SignatureForm } from './model/request.ts';
import {
  headOfList,
  type ProbeStep,
  probeServices,
  type ReadUser,
  type StepOutcome,
} from './probe-services.ts';
import { readingsOf } from './readings.ts';
import { formNames, type TriedForm } from './signing/signature-choice.ts';
import { collectBytes } from './transport/byte-stream.ts';
import { defaultRetryPolicy } from './transport/retry.ts';
import { refusesSelector, type SelectorName } from './user-names.ts';

/** A test waits no longer than this for an answer, milliseconds. */
const patience = 20_000;

/** Refusals that say the signature was understood and only the right is missing. */
const rightsCodes: readonly ErrorCode[] = ['ACCESS_DENIED'];

/** The steps of a connection test that one signed reading answers: clock, route, signature, rights. */
export async function* probeRequest(
  options: GatewayOptions,
  signal?: AbortSignal,
): AsyncGenerator<[ProbeStep['name'], StepOutcome]> {
  let head: ObservedHead | undefined;
  const exchange = createExchange(
    {
      ...options,
      maxConnections: 1,
      retry: { ...defaultRetryPolicy, attempts: 2, attemptsOnTimeout: 1 },
      timeouts: { headers: patience, body: patience, ...options.timeouts },
    },
    (seen) => {
      head = seen;
    },
  );
  const requestOptions = signal ? { signal } : {};
  const seen = await readSomething(exchange, options.accessKeyId, requestOptions).catch(
    (thrown: unknown) => {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    },
  );
  const failure = seen instanceof AppError ? seen : null;
  if (!head && failure) {
    await exchange.close();
    yield ['clock', { error: failure }];
    return;
  }
  yield ['clock', failure?.code === 'CLOCK_SKEWED' ? { error: failure } : clock(head)];
  yield ['route', routeStep(head)];
  yield ['signature', signature(failure, head)];
  yield [
    'rights',
    failure ? { error: failure } : { detail: 'This key may read the users of the cluster.' },
  ];
  if (!(seen instanceof AppError)) {
    const { outcome, user } = await probeSelectors(exchange, seen, options, requestOptions);
    yield ['selector', outcome];
    if (user) yield* probeServices(exchange, user, requestOptions);
  }
  await exchange.close();
}

interface FirstReading {
  /** Users with their e-mails, some of them: to ask for. */
  users: Pick<GatewayUser, 'userId' | 'email'>[];
  /** Whether ids are taken, where that showed already; else why not. */
  byId?: true | AppError;
  /** The user that was read whole on the way. */
  read?: ReadUser;
}

/**
 * A small reading that only a system user may do: its own entry, whose id is the head of the access
 * key id; where that is not so, the head of the user list.
 */
async function readSomething(
  exchange: Exchange,
  accessKeyId: string,
  options: { signal?: AbortSignal },
): Promise<FirstReading> {
  const users = readingsOf(exchange);
  const ownId = /^([0-9a-f]{16}).{4}$/i.exec(accessKeyId)?.[1];
  let refusal: AppError | undefined;
  try {
    if (ownId !== undefined) {
      const detail = await users.getUser({ id: ownId }, options);
      return { users: [detail], byId: true, read: { selector: { id: ownId }, detail } };
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !asksForMore(thrown)) throw thrown;
    refusal = thrown;
  }
  const list = await users.streamUsers(options);
  const bytes = await collectBytes(list.chunks, headOfList, 'cut');
  const listed = requireUsers(bytes, exchange);
  return { users: listed, ...(refusesSelector(refusal) && refusal ? { byId: refusal } : {}) };
}

/** Users asked for at most: the first may share their e-mails. */
const mostAsked = 3;

/** By which parameters the gateway lets a user be named. Tried by reading alone. */
async function probeSelectors(
  exchange: Exchange,
  { users, byId, read }: FirstReading,
  { onSelectorsFound }: GatewayOptions,
  options: { signal?: AbortSignal },
): Promise<{ outcome: StepOutcome; user?: ReadUser }> {
  const { getUser } = readingsOf(exchange);
  let user: ReadUser | undefined;
  const asked = users
    .filter(({ email, userId }) => email !== '' && userId !== '')
    .slice(0, mostAsked);
  const taken = async (selectors: UserSelector[]): Promise<true | AppError | undefined> => {
    let refusal: AppError | undefined;
    for (const selector of selectors) {
      try {
        const detail = await getUser(selector, options);
        user ??= { selector, detail };
        return true;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        refusal = thrown;
      }
    }
    return refusal;
  };
  const email = await taken(
    asked.map(({ email: ofUser, userId }) => ({ email: ofUser, ofId: userId })),
  );
  const id = byId ?? (await taken(asked.slice(0, 1).map(({ userId }) => ({ id: userId }))));
  const found: SelectorName[] = [];
  if (email === true) found.push('emailAddress');
  if (id === true) found.push('id');
  if (found.length === 0) {
    return { outcome: { error: email instanceof AppError ? email : foreignAnswer('a user') } };
  }
  onSelectorsFound?.(found);
  const refused = [email, id].find((outcome) => outcome instanceof AppError);
  const outcome = { detail: selectorDetail(found, refused), caution: email !== true };
  user ??= read;
  return { outcome, ...(user ? { user } : {}) };
}

function selectorDetail(found: readonly SelectorName[], refused: AppError | undefined): string {
  const accepted = `Selector accepted: ${found.join(', ')}.`;
  if (!refused) return `${accepted} Users who share an e-mail are named by id.`;
  const how = refused.details?.wide ? 'ignored' : `refused (status ${refused.status ?? 'unknown'})`;
  if (!found.includes('emailAddress')) return `${accepted} emailAddress is ${how}.`;
  return `${accepted} id is ${how}: users who share an e-mail can only be changed with ostor-s3-admin.`;
}

/**
 * Sees to it that these are users: another product's JSON is no gateway, whatever it let through. Of a
 * long list the beginning is enough; the rest is not waited for.
 */
function requireUsers(bytes: Uint8Array, exchange: Exchange): FirstReading['users'] {
  if (bytes.byteLength <= headOfList) {
    return readUserList(exchange.parse({ status: 200, headers: {}, requestId: undefined, bytes }));
  }
  const text = new TextDecoder().decode(bytes);
  if (!/"User(Id|Email)"\s*:/.test(text)) throw foreignAnswer('a list of users');
  return [...text.matchAll(/\{[^{}]*"User(?:Id|Email)"[^{}]*\}/g)]
    .slice(0, mostAsked)
    .flatMap(([entry]) => {
      try {
        return [readUser(JSON.parse(entry))];
      } catch {
        return []; // an entry of another shape: the next will do
      }
    });
}

/** Refused in every form, the request may still be at fault in the one that is taken: another will tell. */
function asksForMore(error: AppError): boolean {
  const tried = error.details?.formsTried as readonly TriedForm[] | undefined;
  if (tried?.some(({ code }) => code === 'REQUEST_REFUSED')) return true;
  return ['NOT_FOUND', 'REQUEST_REFUSED', 'ANSWER_FOREIGN'].includes(error.code);
}

/** Refused in every form without a word about the signature, nobody can tell which is taken. */
function signature(failure: AppError | null, head: ObservedHead | undefined): StepOutcome {
  if (failure === null) return { detail: taken(head) };
  if (!saysWhy(failure)) return { error: failure };
  const tried = failure.details?.formsTried as readonly TriedForm[] | undefined;
  if (!tried) return { detail: taken(head) };
  const [understood, ...others] = tried.filter(({ code }) => code === failure.code);
  if (understood && others.length === 0) return { detail: takes(understood.form) };
  const names = tried.map(({ form }) => formNames[form]).join(', ');
  return {
    detail: `No form of signature was accepted, and none was refused as such. Tried: ${names}.`,
    caution: true,
  };
}

function saysWhy(failure: AppError): boolean {
  return rightsCodes.includes(failure.code) && failure.details?.gatewayMessage !== undefined;
}

function takes(form: SignatureForm): string {
  return `The gateway accepts Signature ${formNames[form]}.`;
}

function routeStep(head: ObservedHead | undefined): StepOutcome {
  const route = head ? routeOf(head.headers) : null;
  if (route === null) return { detail: 'No proxy names itself in the answer.' };
  return route.transformed
    ? {
        detail: `A proxy changes answers on the way. ${route.said}.`,
        hint: 'Let it pass the gateway unchanged.',
        caution: true,
      }
    : { detail: `The answer came through a proxy. ${route.said}.` };
}

function clock(head: ObservedHead | undefined): StepOutcome {
  const skew = head ? measureSkew(head.headers.date, head.receivedAt) : null;
  if (skew === null) return { detail: 'The gateway does not tell its time.' };
  const detail = `This machine's clock is ${describeSkew(skew)}.`;
  if (Math.abs(skew) < notableSkewSeconds) return { detail };
  if (head && head.corrected !== 0) {
    return {
      detail: `${detail} The gateway refused it, so requests are signed with the gateway's time.`,
      hint: 'Set both clocks by NTP: other programs on this machine are refused, and times shown are its own.',
      caution: true,
    };
  }
  const hint =
    "Set both clocks by NTP. Once they differ by 15 minutes, requests are signed with the gateway's time.";
  return { detail, hint, caution: true };
}

function taken(head: ObservedHead | undefined): string {
  return head ? takes(head.form) : 'Taken.';
}
