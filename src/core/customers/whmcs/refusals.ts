import { AppError, type ErrorCode } from '#shared/errors.ts';

/** What a refusal of WHMCS means, found by its words. */
interface Meaning {
  words: RegExp;
  code: ErrorCode;
  message(match: RegExpExecArray, action: string): string;
  hint: string;
}

const meanings: readonly Meaning[] = [
  {
    words: /^Invalid IP\s*(\S*)/i,
    code: 'BILLING_ADDRESS_REFUSED',
    message: ([, address]) =>
      `WHMCS does not let this address call it: ${address || 'it did not name the address it saw'}.`,
    hint: 'Add that address in WHMCS under API IP Access Restriction, or enter the access key of WHMCS in this connection.',
  },
  {
    words: /Invalid Permissions.*"([^"]+)"/i,
    code: 'BILLING_ACTION_DENIED',
    message: (_match, action) => `The API role of this credential may not call ${action}.`,
    hint: 'Allow the action in the API role in WHMCS; the test of the connection lists every action needed.',
  },
  {
    words: /Invalid or missing credentials/i,
    code: 'BILLING_CREDENTIAL_REFUSED',
    message: () => 'WHMCS does not know this identifier.',
    hint: 'Enter the identifier of an API credential as WHMCS shows it.',
  },
  {
    words: /Authentication Failed/i,
    code: 'BILLING_CREDENTIAL_REFUSED',
    message: () => 'WHMCS refused the secret.',
    hint: 'Enter the secret that belongs to the identifier; WHMCS shows it once, when the credential is made.',
  },
  {
    words: /Administrator Account Disabled|Access Denied/i,
    code: 'BILLING_CREDENTIAL_REFUSED',
    message: () => "The credential's administrator is disabled or lacks API access.",
    hint: 'Enable the administrator in WHMCS and give its role the permission "API Access".',
  },
  {
    words: /^Empty action request/i,
    code: 'REQUEST_REFUSED',
    message: () => 'The request came to WHMCS without its fields ("Empty action request").',
    hint: 'Look for a redirect or a firewall that drops what is sent, and enter the address at which WHMCS answers itself.',
  },
  {
    words: /not found/i,
    code: 'NOT_FOUND',
    message: (_match, action) => `WHMCS has no such record (${action}).`,
    hint: 'It may have been deleted there: refresh the billing connection.',
  },
];

/** How some actions report an empty list; other errors must not match. */
const nothingListed = /^no (?:matching )?[a-z]+ (?:were )?found\.?$/i;

const nothingFound = (action: string) => ({
  code: 'NOT_FOUND' as const,
  message: `WHMCS lists nothing for ${action}.`,
  hint: 'Refresh the billing connection.',
});

/** Returns what WHMCS refused, with a specific code where its words are known. */
export function refusal(action: string, said: string, status: number): AppError {
  if (status === 200 && nothingListed.test(said)) {
    const details = { nothingListed: true };
    return new AppError({ ...nothingFound(action), status, details });
  }
  for (const { words, code, message, hint } of meanings) {
    const match = words.exec(said);
    if (match === null) continue;
    return new AppError({ code, status, message: message(match, action), hint });
  }
  return new AppError({
    code: 'REQUEST_REFUSED',
    status,
    message: `WHMCS refused ${action}: ${said.slice(0, 200) || 'it gave no reason'}.`,
    hint: 'Correct what WHMCS names and try again.',
  });
}
