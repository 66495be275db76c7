/** What stands in a log where a secret would have stood. */
export const redacted = '[redacted]';

const secretName =
  /secret|password|passphrase|authorization|cookie|token|private_?key|credential(?!store)/i;

const secretPatterns: readonly [RegExp, string][] = [
  [/\b(AWS [\w.-]+:)[\w+/=]+/g, `$1${redacted}`],
  [/\b(Signature=)[\w+/=%]+/gi, `$1${redacted}`],
  [/\b(Bearer )[\w.~+/=-]+/gi, `$1${redacted}`],
  [/(\/\/[^\s/:@"]*:)[^\s/@"]+@/g, `$1${redacted}@`],
  [/(AWS?SecretAccessKey\\?"?\s*[:=>]\s*\\?"?)[\w+/=]+/gi, `$1${redacted}`],
];

/**
 * A value as it may be logged: fields named like a secret are masked at any depth, and errors are
 * taken down to name, message, stack, code and cause.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name, field) ? redacted : redact(field, depth + 1),
    ]),
  );
}

/** A text with everything masked that looks like an authorization, a signature or a password in a URL. */
export function redactText(text: string): string {
  return secretPatterns.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text);
}

/** Flags such as `hasCredential` say nothing secret, and are what one looks for in a log. */
function isSecret(name: string, field: unknown): boolean {
  return typeof field !== 'boolean' && secretName.test(name);
}

function redactError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error ? { code: String(error.code) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
