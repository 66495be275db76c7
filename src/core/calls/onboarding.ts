import type { CallOutput, HandlersOf, ParsedInput } from '#shared/contract/index.ts';
import { type AppError, conflict, notFound, toAppError } from '#shared/errors.ts';
import { exportName } from '#shared/plain-text.ts';
import type { OperationEngine } from '../changes/operations/engine.ts';
import { type DemoHost, demoConnectionId } from '../clusters/demo/demo-host.ts';
import type { Offboarding } from '../customers/offboarding/offboarding.ts';
import { handoverSheet, zipSheets } from '../customers/onboarding/handover.ts';
import type { Onboarding } from '../customers/onboarding/onboarding.ts';
import type { RevealSecret, WriteBacks } from '../customers/onboarding/write-back.ts';

export function offboardingHandlers({
  offboarding,
  demo,
}: {
  offboarding: Offboarding;
  demo: DemoHost;
}): HandlersOf<'offboarding'> {
  return {
    'offboarding.open': (input) => offboarding.open(input),
    'offboarding.get': ({ offboardingId }) => offboarding.get(offboardingId),
    'offboarding.list': (query) => offboarding.list(query),
    'offboarding.run': async (input) => ({ taskId: await offboarding.run(input) }),
    'offboarding.previewStatement': ({ offboardingId }) =>
      offboarding.previewStatement(offboardingId),
    'offboarding.skip': (input) => offboarding.skip(input),
    'offboarding.emptyDemo': async ({ offboardingId }) => {
      const { users } = await offboarding.get(offboardingId);
      const own = users.filter(({ connectionId }) => connectionId === demoConnectionId);
      if (own.length === 0) throw notTheDemo();
      const { cluster } = await demo.running();
      const counts = own.map(({ userId }) => cluster.emptyBuckets?.(userId) ?? null);
      const emptied = counts.filter((count) => count !== null);
      if (emptied.length === 0) throw disabledOwner();
      await offboarding.forgetDeleted(offboardingId);
      return { buckets: emptied.reduce((sum, count) => sum + count, 0) };
    },
    'offboarding.cancel': ({ offboardingId }) => offboarding.cancel(offboardingId),
  };
}

export function onboardingHandlers(options: {
  onboarding: Onboarding;
  writeBacks: WriteBacks;
  engine: OperationEngine;
  revealSecret: RevealSecret;
}): HandlersOf<'onboarding'> {
  const { onboarding, writeBacks, engine, revealSecret } = options;
  const keyOf = async (
    of: {
      connectionId: string;
      userId: string;
      accountName?: string | undefined;
      accessKeyId?: string | undefined;
    },
    signal: AbortSignal,
  ) => {
    const { reader, cluster } = await engine.contextOf(of.connectionId, signal);
    const { user } = await reader.user(of.userId);
    const account = user.accounts.find(({ name }) => name === of.accountName);
    const held = of.accountName === undefined ? user.accessKeyIds : (account?.accessKeyIds ?? []);
    const accessKeyId = of.accessKeyId ?? held[0] ?? null;
    return { email: user.email, connection: cluster.connection, accessKeyId };
  };
  const sheetOf = async (
    { withSecret, ...of }: ParsedInput<'onboarding.handover'>,
    signal: AbortSignal,
  ) => {
    const { email, connection, accessKeyId } = await keyOf(of, signal);
    if (accessKeyId === null) throw withoutKey(email);
    const { connectionId, userId, accountName } = of;
    const key = { connectionId, userId, accountName, accessKeyId };
    return handoverSheet({
      ...{ endpoint: connection.endpoint, region: connection.region ?? null, email, accessKeyId },
      secretAccessKey: withSecret ? await revealSecret(key, signal) : null,
    });
  };
  return {
    'onboarding.handoverAll': async ({ onboardingId, withSecret }, { signal }) => {
      const { rows, title } = await newUsers(onboarding, onboardingId);
      const made = await eachSheet(
        rows,
        (user) => sheetOf({ ...user, withSecret }, signal),
        signal,
      );
      const zip = await zipSheets(made.sheets);
      return {
        ...{ sheets: made.sheets.length, left: made.left, mediaType: 'application/zip' },
        fileName: exportName(['handover', title], 'zip'),
        base64: zip.toString('base64'),
      };
    },
    'onboarding.prepare': (input, { signal }) => onboarding.prepare(input, signal),
    'onboarding.prepareAgain': (input, { signal }) => onboarding.prepareAgain(input, signal),
    'onboarding.counts': () => onboarding.counts(),
    'onboarding.start': async (input) => ({ taskId: await onboarding.start(input) }),
    'onboarding.get': (query) => onboarding.get(query),
    'onboarding.list': (page) => onboarding.list(page),
    'onboarding.discard': async ({ onboardingId }) => {
      await onboarding.discard(onboardingId);
      return null;
    },
    'onboarding.handover': (input, { signal }) => sheetOf(input, signal),
    'onboarding.writeBack': async (input, { signal }) => {
      const { again, ticket, serviceId = null, ...asked } = input;
      const { customerId, connectionId, userId, ...wanted } = asked;
      const { accessKeyId } = await keyOf(input, signal);
      const target = { customerId, serviceId, connectionId, userId, accessKeyId };
      const result = await writeBacks.write(target, wanted, { again, signal, ticket });
      await onboarding.noteWritten(target, result);
      return result;
    },
  };
}

type Sheet = CallOutput<'onboarding.handover'>;
type NewUser = Pick<ParsedInput<'onboarding.handover'>, 'connectionId' | 'userId'> & {
  email: string;
  accountName?: string;
  accessKeyId?: string;
};

/** Makes the sheets one by one; throws where none could be made. */
async function eachSheet(
  users: readonly NewUser[],
  make: (user: NewUser) => Promise<Sheet>,
  signal: AbortSignal,
) {
  const sheets: Sheet[] = [];
  const left: CallOutput<'onboarding.handoverAll'>['left'] = [];
  let failed = nobodyNew();
  for (const user of users) {
    signal.throwIfAborted();
    try {
      sheets.push(await make(user));
    } catch (thrown) {
      signal.throwIfAborted();
      failed = toAppError(thrown);
      left.push({ email: user.email, message: failed.message, hint: failed.hint });
    }
  }
  if (sheets.length === 0) throw failed;
  return { sheets, left };
}

const atOnce = 1000;

/** The users that a run has created by now, each with the key that it got. */
async function newUsers(onboarding: Onboarding, onboardingId: string) {
  const rows: NewUser[] = [];
  for (let offset = 0; ; offset += atOnce) {
    const page = await onboarding.get({ onboardingId, offset, limit: atOnce });
    for (const { connectionId, userId, email, accountName, accessKeyId } of page.rows) {
      if (connectionId === null || userId === null) continue;
      rows.push({
        ...{ connectionId, userId, email },
        ...(accountName === null ? {} : { accountName }),
        ...(accessKeyId === null ? {} : { accessKeyId }),
      });
    }
    if (offset + atOnce >= page.total) return { rows, title: page.title };
  }
}

function nobodyNew(): AppError {
  return conflict(
    'This run has created no user yet: there is nothing to hand over.',
    'Create the users first.',
  );
}

function notTheDemo(): AppError {
  return conflict(
    'Only buckets of the demo cluster are emptied by the console.',
    'Ask the owner to empty and delete them with an S3 client.',
  );
}

function disabledOwner(): AppError {
  return conflict(
    'A disabled user can’t sign in, so its owner can’t empty its buckets.',
    'Enable the user first.',
  );
}

function withoutKey(email: string): AppError {
  return notFound(
    `${email} has no access key: there is nothing to hand over.`,
    'Generate a key for the user first.',
  );
}
