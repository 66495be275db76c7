import type { AppErrorData } from '#shared/errors.ts';

const overdueCode = 'OVERDUE';
const proxyWantsPassword = 'The proxy asks for a user name and password.';

export type Facts = Omit<AppErrorData, 'retryable'> & { retryable?: boolean };

/** How a request failed before there was an answer; `acted` says whether the gateway may have got it. */
export type Failure = (target: string, thrown: unknown) => Facts & { acted: boolean };

export class Overdue extends Error {
  readonly code: string = overdueCode;
  readonly how: string;
  readonly sent: boolean;

  /**
   * @param how what the gateway did, after its name
   * @param sent whether the request may have been on its way
   */
  constructor(how: string, sent: boolean) {
    super(how);
    this.how = how;
    this.sent = sent;
  }
}

const failures: Record<string, Failure> = {
  ENOTFOUND: (target) => nameNotResolved(target, false),
  EAI_AGAIN: (target) => nameNotResolved(target, true),
  EAI_NONAME: (target) => nameNotResolved(target, false),
  ECONNREFUSED: (target) => ({
    code: 'CONNECTION_REFUSED',
    message: `Nothing accepts connections at ${target}.`,
    hint: 'Check the port, and that the S3 gateway service runs there.',
    retryable: true,
    acted: false,
  }),
  EHOSTUNREACH: (target) => unreachable(target),
  ENETUNREACH: (target) => unreachable(target),
  EADDRNOTAVAIL: (target) => unreachable(target),
  ENETDOWN: (target) => unreachable(target),
  EHOSTDOWN: (target) => unreachable(target),
  EACCES: (target) => unreachable(target),
  EPERM: (target) => unreachable(target),
  UND_ERR_CONNECT_TIMEOUT: (target) => ({
    code: 'TIMED_OUT',
    message: `${target} did not take the connection in time.`,
    hint: 'Check the address, and whether a firewall, a VPN or a proxy is in between.',
    retryable: true,
    acted: false,
  }),
  ETIMEDOUT: (target, thrown) => ({
    code: 'TIMED_OUT',
    message: `The connection to ${target} timed out.`,
    hint: 'Check the address, and whether a firewall, a VPN or a proxy is in between.',
    retryable: true,
    acted: !isConnecting(thrown),
  }),
  UND_ERR_HEADERS_TIMEOUT: (target) => timedOut(target, 'did not answer in time'),
  UND_ERR_BODY_TIMEOUT: (target) => timedOut(target, 'stopped in the middle of its answer'),
  [overdueCode]: (target, thrown) => overdue(target, thrown),
  ECONNRESET: (target, thrown) => ({ ...reset(target), acted: !isConnecting(thrown) }),
  EPIPE: (target) => reset(target),
  ECONNABORTED: (target) => reset(target),
  UND_ERR_SOCKET: (target) => reset(target),
  UND_ERR_PRX_TLS: () => proxyFailed("The proxy's certificate is for another host name."),
  UND_ERR_PRX_CONN: () => proxyFailed('The proxy broke the connection off.'),
  UND_ERR_ABORTED: (_target, thrown) => proxyFailed(proxyAnswer(thrown)),
  SOCKS_FAILED: (_target, thrown) => proxyFailed(socksAnswer(thrown)),
  UND_ERR_INVALID_ARG: (_target, thrown) => invalidArgument(thrown),
  // A time limit of our own around a single step.
  ABORT_ERR: (target) => timedOut(target, 'did not take the connection in time', false),
};

/** Returns what a code of Node's, OpenSSL's or undici's means; undefined for one that tells nothing. */
export function knownFailure(code: string): Failure | undefined {
  return Object.hasOwn(failures, code) ? failures[code] : undefined;
}

/** Returns what a code without an entry means. */
export function otherFailure(code: string): Failure {
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return (target) => ({
      code: 'ANSWER_FOREIGN',
      message: `${target} did not respond with HTTP.`,
      hint: 'Check the port, and whether the endpoint should begin with https:// or http://.',
      acted: false,
    });
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
    return (target) => ({
      code: 'TLS_FAILED',
      message: `Could not establish a TLS connection to ${target}.`,
      hint: 'If that port speaks plain http, begin the endpoint with http://; else look at the TLS versions the gateway takes.',
      acted: false,
    });
  }
  return (target) => ({ ...reset(target), message: `The connection to ${target} failed.` });
}

function nameNotResolved(target: string, retryable: boolean) {
  const name = target.slice(0, target.lastIndexOf(':'));
  return {
    code: 'NAME_NOT_RESOLVED' as const,
    message: `The name ${name} could not be resolved.`,
    hint: 'Check the spelling, and that this machine uses the network (VPN, DNS) that knows it.',
    retryable,
    acted: false,
  };
}

function unreachable(target: string) {
  return {
    code: 'NETWORK_UNREACHABLE' as const,
    message: `There is no way to ${target} from this machine.`,
    hint: 'Check the network connection, the VPN and the firewall.',
    retryable: true,
    acted: false,
  };
}

function timedOut(target: string, how: string, acted = true) {
  return {
    code: 'TIMED_OUT' as const,
    message: `${target} ${how}.`,
    hint: 'Try again; if it persists, look at the load of the gateway.',
    retryable: true,
    acted,
  };
}

function overdue(target: string, thrown: unknown) {
  const { how, sent } =
    thrown instanceof Overdue ? thrown : { how: 'did not answer in time', sent: true };
  return timedOut(target, how, sent);
}

function reset(target: string) {
  return {
    code: 'CONNECTION_RESET' as const,
    message: `${target} closed the connection before it answered.`,
    hint: 'Try again; if it persists, look at the gateway and at load balancers in front of it.',
    retryable: true,
    acted: true,
  };
}

export function proxyFailed(message: string) {
  return {
    code: 'PROXY_FAILED' as const,
    message,
    hint: 'Check the proxy of this connection, or select a direct connection.',
    acted: false,
  };
}

function invalidArgument(thrown: unknown) {
  if (/\(407\)/.test(messageOf(thrown))) return proxyFailed(proxyWantsPassword);
  return {
    code: 'INPUT_INVALID' as const,
    message: 'The request holds a character that no header can carry.',
    hint: 'Enter the access key id and the region again, without spaces or line breaks.',
    acted: false,
  };
}

/** Whether a socket failed before its connection, TLS included, stood. */
function isConnecting(thrown: unknown): boolean {
  const syscall =
    typeof thrown === 'object' && thrown !== null && 'syscall' in thrown ? thrown.syscall : '';
  return syscall === 'connect' || /before secure TLS connection/.test(messageOf(thrown));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : '';
}

function proxyAnswer(thrown: unknown): string {
  const status = /\((\d{3})\)/.exec(messageOf(thrown))?.[1];
  if (status === '407') return proxyWantsPassword;
  return status === undefined
    ? 'The proxy refused the connection to the gateway.'
    : `The proxy refused the connection to the gateway with status ${status}.`;
}

/** What a SOCKS proxy said, in the library's words. */
function socksAnswer(thrown: unknown): string {
  const said = messageOf(thrown);
  if (/authenticat/i.test(said)) {
    return 'The proxy asks for a user name and password, or does not take those of this connection.';
  }
  if (/timed out/i.test(said)) return 'The proxy did not reach the gateway in time.';
  const reason = /rejected connection - (\w+)/i.exec(said)?.[1];
  if (reason === undefined) return 'The proxy does not speak SOCKS as its address says.';
  const words = reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `The proxy refused the connection to the gateway: ${words}.`;
}
