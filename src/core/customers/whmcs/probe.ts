import { type AppError, toAppError } from '#shared/errors.ts';
import { neededActions, roleActions } from '#shared/whmcs-role.ts';
import type { BillingStep } from '../port/billing-system.ts';
import type { WhmcsClient } from './client.ts';
import { rowsOf, textOf } from './read-answer.ts';

/** Ids that don't exist: an allowed action reports that, and changes nothing. */
const nobody = { clientid: 2_147_483_000, userid: 2_147_483_000, serviceid: 2_147_483_000 };

const emptyQuestions: Record<string, Record<string, number>> = {
  GetClientsDetails: { clientid: nobody.clientid },
  GetInvoice: { invoiceid: 2_147_483_000 },
  CreateInvoice: { userid: nobody.userid },
  AddBillableItem: { clientid: nobody.clientid },
  UpdateClientProduct: { serviceid: nobody.serviceid },
  AddClientNote: { userid: nobody.userid },
};

const transportCodes = new Set([
  'NAME_NOT_RESOLVED',
  'CONNECTION_REFUSED',
  'NETWORK_UNREACHABLE',
  'CONNECTION_RESET',
  'TIMED_OUT',
  'PROXY_FAILED',
  'REDIRECTED',
  'ANSWER_NOT_JSON',
]);
const tlsCodes = new Set(['CERTIFICATE_UNTRUSTED', 'CERTIFICATE_PIN_MISMATCH', 'TLS_FAILED']);

const stepNames = ['address', 'tls', 'credential', 'permissions'] as const;

/** Which step of the test an error belongs to. */
function stepOf({ code }: AppError): (typeof stepNames)[number] {
  if (transportCodes.has(code)) return 'address';
  if (tlsCodes.has(code)) return 'tls';
  return 'credential';
}

function failedAt(error: AppError): BillingStep[] {
  const failed = stepNames.indexOf(stepOf(error));
  return stepNames.map((name, index) => {
    if (index < failed) return { name, state: 'passed', detail: 'No fault found.' };
    if (index > failed) return { name, state: 'not-tried', detail: 'Not tried.' };
    return { name, state: 'failed', detail: error.message, hint: error.hint };
  });
}

/** Whether the role may call an action: a refusal of anything else than permission means that it may. */
async function mayCall(
  client: WhmcsClient,
  action: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const fields = emptyQuestions[action] ?? { limitnum: 1 };
  try {
    await client.read(action, fields, { signal });
    return true;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'BILLING_ACTION_DENIED') return false;
    if (error.code === 'NOT_FOUND' || error.code === 'REQUEST_REFUSED') return true;
    throw error;
  }
}

const allowed = (readOnly: boolean): string =>
  readOnly
    ? 'The role allows every action that reads. This connection is read-only: no other was tried.'
    : 'The role allows every action needed.';

async function versionOf(client: WhmcsClient, signal?: AbortSignal): Promise<string | null> {
  for (const action of ['WhmcsDetails', 'GetAdminDetails']) {
    try {
      const { whmcs } = await client.read(action, {}, { signal });
      const [details] = rowsOf(whmcs, 'whmcs');
      return textOf(details?.version) || null;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'BILLING_ACTION_DENIED') throw error;
    }
  }
  return null;
}

/** What the test of a connection takes into account. */
export interface WhmcsProbe {
  /** Calls no action that changes data, not even to check permission. */
  readOnly: boolean;
  /** Plain http to another machine. */
  inClear: boolean;
}

/**
 * Tests the way to an installation: address, TLS, credential and list of addresses, then each action
 * that the role has to allow. Nothing is changed: writes are probed with records that don't exist.
 */
export async function probeWhmcs(
  client: WhmcsClient,
  { readOnly, inClear }: WhmcsProbe,
  signal?: AbortSignal,
): Promise<BillingStep[]> {
  const needed = neededActions.filter(({ reads }) => reads || !readOnly);
  let version: string | null;
  const denied: (typeof neededActions)[number][] = [];
  try {
    version = await versionOf(client, signal);
    for (const one of needed) {
      if (!(await mayCall(client, one.action, signal))) denied.push(one);
    }
  } catch (thrown) {
    return failedAt(toAppError(thrown));
  }
  const names = denied.map(({ action, need }) => `${action} (${need})`).join(', ');
  return [
    { name: 'address', state: 'passed', detail: 'WHMCS answers at this address.' },
    inClear
      ? {
          name: 'tls',
          state: 'caution',
          detail: 'Plain http: the secret and customers’ data are sent unencrypted.',
          hint: 'Use https:// if WHMCS has it.',
        }
      : { name: 'tls', state: 'passed', detail: 'The connection is as secure as it was set up.' },
    {
      name: 'credential',
      state: client.printsJunk ? 'caution' : 'passed',
      detail: client.printsJunk
        ? 'Accepted, but something prints text before the answers (a hook or an add-on).'
        : `Accepted${version === null ? '' : ` by WHMCS ${version}`}.`,
    },
    denied.length === 0
      ? { name: 'permissions', state: 'passed', detail: allowed(readOnly) }
      : {
          name: 'permissions',
          state: 'failed',
          detail: `The role does not allow ${names}.`,
          hint: `Allow these actions in the API role: ${roleActions(readOnly)}.`,
        },
  ];
}
