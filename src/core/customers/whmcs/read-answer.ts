import { AppError } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';

/** The fields of an answer; passwords are removed first. */
export type WhmcsAnswer = Record<string, unknown>;

const entityCharacters: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Returns a text with its HTML entities decoded once: WHMCS may encode what it stores. */
function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entityCharacters[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(`${hex}`, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

const secretNames = /^(password\d?|secret|cardnum|cvv|gatewayid|securityqans)$/i;

/** Returns a value without members that are secrets, texts decoded. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return decodeEntities(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !secretNames.test(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutSecrets(member)]));
}

function parseObject(text: string): WhmcsAnswer | null {
  if (nestsTooDeep(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as WhmcsAnswer)
      : null;
  } catch {
    return null;
  }
}

function notJson(text: string, status: number): AppError {
  const isPage = /^\s*(<!doctype|<html)/i.test(text);
  const emitted = text.includes('Output has been emitted previously');
  return new AppError({
    code: 'ANSWER_NOT_JSON',
    status,
    message: emitted
      ? 'WHMCS could not answer: something printed text before its answer (a hook or an add-on).'
      : isPage
        ? `A web page came in place of an answer of WHMCS (HTTP ${status}).`
        : `The answer of WHMCS is not JSON (HTTP ${status}).`,
    hint: emitted
      ? 'Ask whoever runs WHMCS to look at its hooks and at the error log of its web server.'
      : 'Check the address of the connection, and whether a firewall or a maintenance page answers in place of WHMCS.',
    retryable: status >= 500,
    details: { mayHaveActed: true, ...(emitted ? { printed: true } : {}) },
  });
}

/**
 * Reads the body of an answer: a byte order mark and text that PHP printed before it are passed over.
 * @returns the fields, and whether something stood before them
 * @throws AppError `ANSWER_NOT_JSON`
 */
export function readAnswer(text: string, status: number): { answer: WhmcsAnswer; junk: boolean } {
  const start = text.indexOf('{');
  const answer = start < 0 ? null : parseObject(text.slice(start).trim());
  if (answer === null) throw notJson(text, status);
  const junk = text.slice(0, start).replace('\ufeff', '').trim() !== '' || text[0] === '\ufeff';
  return { answer: withoutSecrets(answer) as WhmcsAnswer, junk };
}

/** Returns whether an answer says that its action was carried out; samples say `status` at times. */
export function isSuccess({ result, status }: WhmcsAnswer): boolean {
  return result === 'success' || (result === undefined && status === 'success');
}

/** Returns a member as text: numbers as written; anything else is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** Returns a member as text, or null where it is empty or WHMCS's date of nothing. */
export function textOrNull(value: unknown): string | null {
  const text = textOf(value);
  return text === '' || /^(0000-00-00|00\W00\W0000)/.test(text) ? null : text;
}

/**
 * Returns the rows of a list however the installation writes it: `{plural: {singular: […]}}`, a
 * plain array, one bare object, `{"0": …}`, an empty text, or nothing at all.
 */
export function rowsOf(list: unknown, singular: string): WhmcsAnswer[] {
  if (typeof list !== 'object' || list === null) return [];
  const inner = !Array.isArray(list) && singular in list ? (list as WhmcsAnswer)[singular] : list;
  if (Array.isArray(inner)) return inner.filter(isRow);
  if (!isRow(inner)) return [];
  const members = Object.entries(inner);
  const numbered = members.length > 0 && members.every(([name]) => /^\d+$/.test(name));
  if (numbered) return members.map(([, member]) => member).filter(isRow);
  return members.length === 0 ? [] : [inner];
}

function isRow(value: unknown): value is WhmcsAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
