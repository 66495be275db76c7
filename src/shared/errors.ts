/** Every code an {@link AppError} can carry. A code is stable: scripts and the interface branch on it. */
export const errorCodes = [
  // what the caller handed in
  'INPUT_INVALID',
  'CALL_UNKNOWN',
  'CALLER_REFUSED',
  // what the administrator set
  'POLICY_INVALID',
  'POLICY_FORBIDS',
  // updates of the console itself
  'UPDATE_FAILED',
  // connections and credentials
  'CONNECTION_NOT_FOUND',
  'CONNECTION_READ_ONLY',
  'CONNECTION_LOCKED',
  'PLAIN_HTTP',
  'CONNECTION_OFFLINE',
  'CREDENTIAL_MISSING',
  'SECRET_STORE_UNAVAILABLE',
  'SECRET_UNREADABLE',
  // reaching the gateway
  'ENDPOINT_INVALID',
  'NAME_NOT_RESOLVED',
  'CONNECTION_REFUSED',
  'NETWORK_UNREACHABLE',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_PIN_MISMATCH',
  'TLS_FAILED',
  'PROXY_FAILED',
  'TIMED_OUT',
  'CONNECTION_RESET',
  // what the gateway answered
  'ACCESS_KEY_UNKNOWN',
  'SIGNATURE_REFUSED',
  'CLOCK_SKEWED',
  'ACCESS_DENIED',
  'REQUEST_REFUSED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'CONFLICT',
  'BUCKET_NOT_EMPTY',
  'USER_OWNS_BUCKETS',
  'KEY_LIMIT_REACHED',
  'TOO_MANY_REQUESTS',
  'GATEWAY_FAILED',
  'REDIRECTED',
  'ANSWER_NOT_JSON',
  'ANSWER_TRUNCATED',
  'ANSWER_FOREIGN',
  'ANSWER_ENCODING',
  'ANSWER_TRANSFORMED',
  'ANSWER_ERROR_IN_SUCCESS',
  'REFRESH_HELD_BACK',
  // changes
  'TARGET_AMBIGUOUS',
  'TARGET_CHANGED',
  'SELF_LOCKOUT_REFUSED',
  'CONFIRMATION_REQUIRED',
  'WRITE_NOT_CONFIRMED',
  'NOTHING_REMOVED',
  'PLAN_INVALID',
  // billing systems
  'BILLING_CONNECTION_NOT_FOUND',
  'BILLING_ADDRESS_REFUSED',
  'BILLING_CREDENTIAL_REFUSED',
  'BILLING_ACTION_DENIED',
  'BILLING_LIST_UNSTABLE',
  'BILLING_UNSUPPORTED',
  // what is on disk
  'SNAPSHOT_MISSING',
  'SNAPSHOT_DAMAGED',
  'ARCHIVE_DAMAGED',
  'ARCHIVE_NEWER',
  'ARCHIVE_IN_USE',
  'ARCHIVE_REPLACED',
  'COVERAGE_INCOMPLETE',
  'DISK_FAILED',
  'DATA_DIRECTORY_IN_USE',
  'FILE_INVALID',
  'ANCHOR_FOREIGN',
  // tasks
  'TASK_NOT_FOUND',
  'TASK_BUSY',
  'CANCELLED',
  // ours
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An {@link AppError} as data: what crosses IPC, HTTP, worker and task boundaries. */
export interface AppErrorData {
  code: ErrorCode;
  message: string;
  hint: string;
  /** Whether the same request may succeed if simply sent again. */
  retryable: boolean;
  /** The gateway's `x-amz-request-id`, where it gave one. */
  requestId?: string;
  /** The gateway's HTTP status, where there was one. */
  status?: number;
  /** Further facts, by whitelisted name (never a secret): `fingerprint256`, `excerpt`, `issues`, `buckets` … */
  details?: Record<string, unknown>;
}

/**
 * The one error type of the console. The message says what happened, the hint what to do.
 * Nothing but the fields of {@link AppErrorData} is ever copied over a boundary.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(data: Omit<AppErrorData, 'retryable'> & { retryable?: boolean; cause?: unknown }) {
    super(data.message, data.cause === undefined ? undefined : { cause: data.cause });
    this.code = data.code;
    this.hint = data.hint;
    this.retryable = data.retryable ?? false;
    this.requestId = data.requestId;
    this.status = data.status;
    this.details = data.details;
  }

  toData(): AppErrorData {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retryable: this.retryable,
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Rebuilds an error from the other side of a boundary. */
  static fromData(data: AppErrorData): AppError {
    return new AppError(data);
  }
}

/** Returns the error for invalid input. */
export function invalidInput(message: string, hint: string): AppError {
  return new AppError({ code: 'INPUT_INVALID', message, hint });
}

/** Returns the error for a missing item. */
export function notFound(message: string, hint: string): AppError {
  return new AppError({ code: 'NOT_FOUND', message, hint });
}

/** Returns the error for a conflict with the current state. */
export function conflict(message: string, hint: string): AppError {
  return new AppError({ code: 'CONFLICT', message, hint });
}

/**
 * Whatever was thrown, as an {@link AppError}; a stranger becomes `INTERNAL` without its text,
 * since the text of an unforeseen error may hold what must not be shown.
 */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const disk = diskFailure(thrown);
  if (disk) return disk;
  return new AppError({
    code: 'INTERNAL',
    message: 'Unexpected internal error.',
    hint: 'Try again; if it comes back, look into the log file named on the Settings page.',
    cause: thrown,
  });
}

/** System calls on files, as opposed to those on sockets. */
const fileCalls =
  /^(open|read|write|close|rename|unlink|rm|mkdir|rmdir|scandir|opendir|l?stat|f?chmod|fsync|fdatasync|f?truncate|copyfile|link|symlink|access|mkdtemp|statfs|utime)/;

/** A failure of the disk, whether a file's or a database's, with its cause named; null for any other. */
function diskFailure(thrown: unknown): AppError | null {
  if (!(thrown instanceof Error)) return null;
  // SQLite's own words name a cause and hold no data.
  if ('errcode' in thrown) {
    return diskFailed(
      `The console's database could not be read or written: ${thrown.message}.`,
      thrown,
    );
  }
  const { code, syscall, path } = thrown as { code?: unknown; syscall?: unknown; path?: unknown };
  if (typeof code !== 'string' || typeof syscall !== 'string' || !fileCalls.test(syscall)) {
    return null;
  }
  const file = typeof path === 'string' ? `The file ${path}` : 'A file';
  return diskFailed(`${file} could not be read or written (${code}).`, thrown);
}

function diskFailed(message: string, cause: Error): AppError {
  return new AppError({
    code: 'DISK_FAILED',
    message,
    hint: 'Check that the disk is neither full nor read-only, that the file may be read and written, and that no folder has its name.',
    cause,
  });
}
