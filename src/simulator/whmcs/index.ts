import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { seededText } from '../model/seeded-random.ts';
import { Installation, type WhmcsAnswer } from './installation.ts';
import { FormFields } from './model/form.ts';
import {
  defaultWhmcsVariants,
  offsetOf,
  type WhmcsFault,
  type WhmcsVariants,
} from './model/variants.ts';
import { populateWhmcs, type WhmcsPopulation } from './populate.ts';

export type { WhmcsFault, WhmcsVariants } from './model/variants.ts';

export interface WhmcsOptions extends Partial<WhmcsPopulation> {
  /** 0: a free one. */
  port?: number;
  variants?: Partial<WhmcsVariants>;
  faults?: readonly WhmcsFault[];
  /** Actions that the credential's role may not call. */
  denied?: readonly string[];
  /** Whether callers without the access key are let in (true). */
  addressAllowed?: boolean;
  /** PEM; with them it answers over https. */
  tls?: { certificate: string; key: string };
}

/** A running installation: its address, a credential, and the controls. */
export interface WhmcsSimulator
  extends Pick<
    Installation,
    'state' | 'log' | 'faults' | 'variants' | 'denied' | 'identifier' | 'secret' | 'accessKey'
  > {
  /** The base address: the API answers below it at `/includes/api.php`. */
  url: string;
  installation: Installation;
  stop(): Promise<void>;
}

const largestBody = 16 * 1024 * 1024;

const page = (title: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

function html(status: number, title: string): WhmcsAnswer {
  return { status, contentType: 'text/html; charset=utf-8', body: page(title) };
}

function refused(status: number, message: string): WhmcsAnswer {
  const body = JSON.stringify({ result: 'error', message });
  return { status, contentType: 'application/json', body };
}

/** What kinds of faults answer in the installation's place; those missing here let it act. */
const answers: { readonly [Kind in WhmcsFault['kind']]?: (fault: WhmcsFault) => WhmcsAnswer } = {
  'html-403': () => html(403, 'Attention Required'),
  'html-503': () => html(503, 'Down for Maintenance'),
  'html-429': () => html(429, 'Too Many Requests'),
  'html-200': () => html(200, 'Login'),
  'emitted-previously': () => html(500, 'Output has been emitted previously'),
  'invalid-ip': () => refused(403, 'Invalid IP 203.0.113.9'),
  'admin-disabled': () => refused(403, 'Administrator Account Disabled'),
  'access-denied': () => refused(403, 'Access Denied'),
  'empty-action': () => refused(400, 'Empty action request'),
  error: ({ message }) => refused(200, message ?? 'An unexpected error occurred'),
};

/** What a fault answers in the installation's place; null where it acts. */
function answerInstead(fault: WhmcsFault): WhmcsAnswer | null {
  const answer = answers[fault.kind]?.(fault);
  return answer ? { ...answer, status: fault.status ?? answer.status } : null;
}

async function readForm(request: IncomingMessage): Promise<FormFields> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > largestBody) throw new Error('the request is too large');
    parts.push(part as Buffer);
  }
  return new FormFields(Buffer.concat(parts).toString('utf8'));
}

function send(response: ServerResponse, { status, contentType, body }: WhmcsAnswer): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

async function serve(
  installation: Installation,
  request: IncomingMessage,
  response: ServerResponse,
  now: () => number,
): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/includes/api.php') {
    send(response, html(404, 'Not Found'));
    return;
  }
  const form = await readForm(request);
  const fault = installation.faults.next(installation.actionOf(form));
  if (fault?.kind === 'hang-before') return;
  if (fault?.kind === 'drop-before') {
    request.socket.destroy();
    return;
  }
  const instead = fault ? answerInstead(fault) : null;
  const answer = instead ?? installation.answer(form, now());
  if (fault?.kind === 'hang-after') return;
  if (fault?.kind === 'drop-after') request.socket.destroy();
  else send(response, answer);
}

export async function startWhmcsSimulator(options: WhmcsOptions = {}): Promise<WhmcsSimulator> {
  const seed = options.seed ?? 1;
  const variants = { ...defaultWhmcsVariants, ...options.variants };
  const installation = new Installation(seed, variants, seededText(seed, 'whmcs', 40));
  const fixed = options.now;
  const now = (): number => (fixed ?? Date.now()) + offsetOf(variants.zone);
  for (const fault of options.faults ?? []) installation.faults.add(fault);
  for (const action of options.denied ?? []) installation.denied.add(action);
  installation.addressAllowed = options.addressAllowed ?? true;
  populateWhmcs(installation.state, {
    seed,
    clients: options.clients ?? 25,
    duplicateEmailEvery: options.duplicateEmailEvery ?? 0,
    pendingOrderEvery: options.pendingOrderEvery ?? 0,
    now: now(),
    ...(options.emails ? { emails: options.emails } : {}),
  });
  const { tls } = options;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    serve(installation, request, response, now).catch(() => request.socket.destroy());
  };
  const server = tls
    ? createSecureServer({ cert: tls.certificate, key: tls.key }, answer)
    : createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const { state, log, faults, denied, identifier, secret, accessKey } = installation;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    installation,
    state,
    log,
    faults,
    variants,
    denied,
    identifier,
    secret,
    accessKey,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
