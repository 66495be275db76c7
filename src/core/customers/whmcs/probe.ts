import { type AppError, type ErrorCode, toAppError } from '#shared/errors.ts';
import { neededActions, roleActions } from '#shared/whmcs-role.ts';
import { certificateIn } from '../../gateway/probe.ts';
import type { BillingStep, BillingTest } from '../port/billing-system.ts';
import type { WhmcsClient } from './client.ts';
import { rowsOf, textOf, type WhmcsAnswer } from './read-answer.ts';

type Action = (typeof neededActions)[number];

/** Ids that don't exist: an allowed action reports that, and changes nothing. */
const nobody = { clientid: 2_147_483_000, userid: 2_147_483_000, serviceid: 2_147_483_000 };

const emptyQuestions: Record<string, Record<string, number>> = {
  GetClientsDetails: { clientid: nobody.clientid },
  GetInvoice: { invoiceid: 2_147_483_000 },
  CreateInvoice: { userid: nobody.userid },
  AddBillableItem: { clientid: nobody.clientid },
  UpdateClientProduct: { serviceid: nobody.serviceid },
  AddClientNote: { userid: nobody.userid },
  WhmcsDetails: {},
  GetAdminDetails: {},
};

/** No action gets further than the first one did. */
const ofTheWay: ReadonlySet<ErrorCode> = new Set([
  'NAME_NOT_RESOLVED',
  'CONNECTION_REFUSED',
  'NETWORK_UNREACHABLE',
  'PROXY_FAILED',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_PIN_MISMATCH',
  'TLS_FAILED',
]);
/** What came is no answer of WHMCS; another action may get one. */
const noAnswer: ReadonlySet<ErrorCode> = new Set([
  'CONNECTION_RESET',
  'TIMED_OUT',
  'REDIRECTED',
  'ANSWER_NOT_JSON',
  'ANSWER_TRUNCATED',
  'TOO_MANY_REQUESTS',
]);
const tlsCodes: ReadonlySet<ErrorCode> = new Set([
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_PIN_MISMATCH',
  'TLS_FAILED',
]);
/** WHMCS answered; what it refused is not the permission. */
const answered: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'REQUEST_REFUSED']);
/**
 * Whether an action can be called although an error came: what is asked for does not exist. A list is
 * read then, or holds nothing.
 */
function isAllowed(action: string, { code, details }: AppError): boolean {
  return action in emptyQuestions ? answered.has(code) : details?.nothingListed === true;
}
/** After this many time-outs the test ends: each takes as long as the connection waits. */
const mostTimeouts = 2;

const stepNames = ['address', 'tls', 'credential', 'permissions'] as const;
type StepName = (typeof stepNames)[number];

/** Which step of the test an error belongs to. */
function stepOf({ code, details }: AppError): StepName {
  if (tlsCodes.has(code)) return 'tls';
  if (details?.printed === true) return 'credential';
  if (noAnswer.has(code) || ofTheWay.has(code) || code === 'POLICY_FORBIDS') return 'address';
  return 'credential';
}

const plainHttp: BillingStep = {
  name: 'tls',
  state: 'caution',
  detail: 'Plain http: the secret and customers’ data are sent unencrypted.',
  hint: 'Use https:// if WHMCS has it.',
};

/**
 * The steps of a test that an error ended.
 * @param of.sent false where nothing was sent: no step was tried then
 */
export function failedAt(
  error: AppError,
  { inClear, sent = true }: { inClear: boolean; sent?: boolean },
): BillingStep[] {
  const failed = stepNames.indexOf(stepOf(error));
  return stepNames.map((name, index) => {
    if (index === failed) return { name, state: 'failed', detail: error.message, hint: error.hint };
    // known from the address alone
    if (name === 'tls' && inClear) return plainHttp;
    if (sent && index < failed) return { name, state: 'passed', detail: 'No fault found.' };
    return { name, state: 'not-tried', detail: 'Not tried.' };
  });
}

/** What the test of a connection takes into account. */
export interface WhmcsProbe {
  /** Why the guards take no change now: no action that changes data is called then, not even to check permission. */
  hold: ErrorCode | null;
  /** Plain http to another machine. */
  inClear: boolean;
}

/** What asking each action came to. */
interface Asked {
  version: string | null;
  denied: Action[];
  /** Actions without an answer of WHMCS, and those that only some refusal kept from one. */
  failed: { action: Action; error: AppError }[];
  notTried: Action[];
}

/** Asks action by action, and keeps count of those that get no answer. */
class Questions {
  readonly #client: WhmcsClient;
  readonly #signal: AbortSignal | undefined;
  /** Whether WHMCS itself answered one. */
  answered = false;
  /** Whether it did what one asked for. */
  succeeded = false;
  timeouts = 0;
  first: AppError | null = null;

  constructor(client: WhmcsClient, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#signal = signal;
  }

  /**
   * @returns the answer, or the error that came in its place
   * @throws AppError where nothing else can be asked either
   */
  async ask(action: string): Promise<WhmcsAnswer | AppError> {
    const fields = emptyQuestions[action] ?? { limitnum: 1 };
    // what fails for a moment is asked again, where not everything fails
    const how = this.answered && this.timeouts === 0 ? 'read' : 'write';
    try {
      const answer = await this.#client[how](action, fields, { signal: this.#signal });
      this.answered = true;
      this.succeeded = true;
      return answer;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (this.#signal?.aborted || ofTheWay.has(error.code)) throw error;
      if (error.code === 'TIMED_OUT') this.timeouts += 1;
      if (noAnswer.has(error.code)) this.first ??= error;
      else if (answered.has(error.code) || error.code === 'BILLING_ACTION_DENIED') {
        this.answered = true;
      } else if (!this.answered) throw error;
      return error;
    }
  }
}

async function versionOf(questions: Questions): Promise<string | null> {
  for (const action of ['WhmcsDetails', 'GetAdminDetails']) {
    const answer = await questions.ask(action);
    if (answer instanceof Error) continue;
    const [details] = rowsOf(answer.whmcs, 'whmcs');
    return textOf(details?.version) || null;
  }
  return null;
}

/** @throws AppError where no action got an answer, or WHMCS refused every one: the first one's error */
async function askAll(questions: Questions, needed: readonly Action[]): Promise<Asked> {
  const version = await versionOf(questions);
  const asked: Asked = { version, denied: [], failed: [], notTried: [] };
  for (const action of needed) {
    if (questions.timeouts === mostTimeouts) {
      asked.notTried.push(action);
      continue;
    }
    const answer = await questions.ask(action.action);
    if (!(answer instanceof Error) || isAllowed(action.action, answer)) continue;
    if (answer.code === 'BILLING_ACTION_DENIED') asked.denied.push(action);
    else asked.failed.push({ action, error: answer });
  }
  if (!questions.answered && questions.first) throw questions.first;
  const [first] = asked.failed;
  const refusedAll = !questions.succeeded && asked.denied.length === 0;
  if (refusedAll && first?.error.code === 'REQUEST_REFUSED') throw first.error;
  return asked;
}

const named = ({ action, need }: Action): string => `${action} (${need})`;

/** Why no action that changes data is tried, and what to do to try them. */
const heldWords: Partial<Record<ErrorCode, readonly [why: string, hint: string]>> = {
  CONNECTION_LOCKED: [
    'This billing system is locked against changes',
    'To try all of them, unlock it for a few minutes and test it again.',
  ],
  CERTIFICATE_PIN_MISMATCH: [
    'Another certificate than the pinned one was shown before',
    'To try all of them, test it again.',
  ],
};

/** Says which actions the role denies, and which one gets another answer than WHMCS's. */
function permissionsStep(
  { denied, failed, notTried }: Asked,
  hold: WhmcsProbe['hold'],
): BillingStep {
  if (denied.length + failed.length + notTried.length === 0) {
    const found = { name: 'permissions', state: 'passed' } as const;
    if (hold === null) return { ...found, detail: 'The role allows every action needed.' };
    const [why, hint] = heldWords[hold] ?? ['This connection is read-only'];
    const detail = `The role allows every action that reads. ${why}: no other was tried.`;
    return { ...found, detail, ...(hint ? { state: 'caution', hint } : {}) };
  }
  const details = [
    ...(denied.length > 0 ? [`The role does not allow ${denied.map(named).join(', ')}.`] : []),
    ...failed.map(({ action, error }) => `${named(action)} failed: ${error.message}`),
    ...(notTried.length > 0 ? [`Not tried: ${notTried.map(named).join(', ')}.`] : []),
  ];
  const hints = [
    ...(denied.length > 0
      ? [`Allow these actions in the API role: ${roleActions(hold === 'CONNECTION_READ_ONLY')}.`]
      : []),
    ...(failed.length > 0
      ? [
          `WHMCS answered other actions, so its address is right: look for a firewall or a hook that stops ${failed.map(({ action }) => action.action).join(', ')}.`,
        ]
      : []),
  ];
  return {
    name: 'permissions',
    state: 'failed',
    detail: details.join(' '),
    hint: hints.join(' '),
  };
}

/** The step of the certificate, where requests passed. */
async function tlsStep(
  client: WhmcsClient,
  { inClear }: WhmcsProbe,
  signal?: AbortSignal,
): Promise<BillingStep> {
  if (inClear) return plainHttp;
  const { detail, hint, caution = false } = await client.checkCertificate(signal);
  const state = caution ? 'caution' : 'passed';
  return { name: 'tls', state, detail, ...(hint === undefined ? {} : { hint }) };
}

/**
 * Tests the way to an installation: address, TLS, credential and list of addresses, then each action
 * that the role has to allow. Nothing is changed: writes are probed with records that don't exist.
 */
export async function probeWhmcs(
  client: WhmcsClient,
  probe: WhmcsProbe,
  signal?: AbortSignal,
): Promise<BillingTest> {
  const { hold } = probe;
  const needed = neededActions.filter(({ reads }) => reads || hold === null);
  try {
    const asked = await askAll(new Questions(client, signal), needed);
    const { version } = asked;
    const steps: BillingStep[] = [
      {
        name: 'address',
        state: 'passed',
        detail: `WHMCS answers at this address. ${client.route}`,
      },
      await tlsStep(client, probe, signal),
      {
        name: 'credential',
        state: client.printsJunk ? 'caution' : 'passed',
        detail: client.printsJunk
          ? 'Accepted, but something prints text before the answers (a hook or an add-on).'
          : `Accepted${version === null ? '' : ` by WHMCS ${version}`}.`,
      },
      permissionsStep(asked, hold),
    ];
    return { steps };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal?.aborted) throw error;
    const certificate = certificateIn(error);
    return { steps: failedAt(error, probe), ...(certificate ? { certificate } : {}) };
  }
}
