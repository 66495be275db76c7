import { AppError, type ErrorCode } from '#shared/errors.ts';
import { describeSkew, measureSkew } from './answers/clock-skew.ts';
import { createExchange, type GatewayOptions } from './create-gateway.ts';
import type { AnswerHead, Exchange } from './exchange.ts';
import { userReadings } from './operations/users.ts';
import type { ProbeStep, StepOutcome } from './probe.ts';
import { foreignAnswer } from './read-fields.ts';
import { readUserList } from './read-user.ts';
import type { SignatureForm } from './request.ts';
import { collectBytes } from './transport/byte-stream.ts';
import { defaultRetryPolicy } from './transport/retry.ts';

const formNames: Record<SignatureForm, string> = {
  v2: 'Signature V2',
  'v2-unsigned-payload': 'Signature V2 with unsigned payload',
  v4: 'Signature V4',
};

/** A test waits no longer than this for an answer, milliseconds. */
const patience = 20_000;

/** How much of a user list is looked at, bytes: some hundred users. */
const headOfList = 64 * 1024;

/** From here on a difference of clocks is worth a look, though the gateway still takes it. */
const notableSkewSeconds = 60;

/** Refusals that say the signature was understood and only the right is missing. */
const rightsCodes: readonly ErrorCode[] = ['ACCESS_DENIED'];

/** The steps of a connection test that one signed reading answers: clock, signature, rights. */
export async function* probeRequest(
  options: GatewayOptions,
  signal?: AbortSignal,
): AsyncGenerator<[ProbeStep['name'], StepOutcome]> {
  let head: AnswerHead | undefined;
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
  const failure = await readSomething(exchange, options.accessKeyId, requestOptions).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await exchange.close();
  if (failure !== null && !(failure instanceof AppError)) throw failure;
  if (!head && failure) {
    yield ['clock', { error: failure }];
    return;
  }
  yield ['clock', failure?.code === 'CLOCK_SKEWED' ? { error: failure } : clock(head)];
  const understood = failure === null || saysWhy(failure);
  yield ['signature', understood ? { detail: taken(head) } : { error: failure }];
  yield [
    'rights',
    failure ? { error: failure } : { detail: 'This key may read the users of the cluster.' },
  ];
}

/**
 * A small reading that only a system user may do: its own entry, whose id is the head of the access
 * key id; where that is not so, the head of the user list.
 */
async function readSomething(
  exchange: Exchange,
  accessKeyId: string,
  options: { signal?: AbortSignal },
): Promise<void> {
  const users = userReadings(exchange);
  const ownId = /^([0-9a-f]{16}).{4}$/i.exec(accessKeyId)?.[1];
  try {
    if (ownId !== undefined) {
      await users.getUser({ id: ownId }, options);
      return;
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !asksForMore(thrown)) throw thrown;
  }
  const list = await users.streamUsers(options);
  requireUsers(await collectBytes(list.chunks, headOfList, 'cut'), exchange);
}

/**
 * Sees to it that these are users: another product's JSON is no gateway, whatever it let through. Of a
 * long list the beginning is enough; the rest is not waited for.
 */
function requireUsers(bytes: Uint8Array, exchange: Exchange): void {
  if (bytes.byteLength <= headOfList) {
    readUserList(exchange.parse({ status: 200, headers: {}, requestId: undefined, bytes }));
  } else if (!/"User(Id|Email)"\s*:/.test(new TextDecoder().decode(bytes))) {
    throw foreignAnswer('a list of users');
  }
}

function asksForMore(error: AppError): boolean {
  return ['NOT_FOUND', 'REQUEST_REFUSED', 'ANSWER_FOREIGN'].includes(error.code);
}

function saysWhy(failure: AppError): boolean {
  return rightsCodes.includes(failure.code) && failure.details?.gatewayMessage !== undefined;
}

function clock(head: AnswerHead | undefined): StepOutcome {
  const skew = head ? measureSkew(head.headers.date, head.receivedAt) : null;
  return {
    detail:
      skew === null
        ? 'The gateway does not tell its time.'
        : `This machine's clock is ${describeSkew(skew)}.`,
    caution: skew !== null && Math.abs(skew) >= notableSkewSeconds,
  };
}

function taken(head: AnswerHead | undefined): string {
  return head ? `The gateway takes ${formNames[head.form]}.` : 'Taken.';
}
