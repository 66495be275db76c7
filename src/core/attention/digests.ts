import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { amountWords } from '#shared/billing/money.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput, notFound } from '#shared/errors.ts';
import { isLoopbackHost, travelsInClear } from '#shared/plain-http.ts';
import { formatBytes, fromWireInteger } from '#shared/units.ts';
import { type ProxyLookup, routeFor } from '../clusters/connections/proxy-for.ts';
import type { SecretStore } from '../clusters/secrets/secret-store.ts';
import { postJson } from '../gateway/transport/post-json.ts';
import { writeFileAtomically } from '../platform/files/write-file-atomically.ts';
import type { ConsoleLog } from '../platform/log/console-log.ts';
import type { Attention } from './attention.ts';

type Settings = NonNullable<CallOutput<'signals.digest'>>;

export interface DigestsOptions {
  attention: Pick<Attention, 'list' | 'glances'>;
  dataDir: string;
  secrets: SecretStore;
  log: ConsoleLog;
  systemProxy?: ProxyLookup | undefined;
  version: string;
}

const stored = z.object({
  kind: z.enum(['webhook', 'smtp']),
  url: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  username: z.string().optional(),
  hasSecret: z.boolean(),
  secretIn: z.enum(['keychain', 'memory']).optional(),
});

/** The entry of the keychain that holds the token of the webhook or the password of the mail server. */
export const digestSecretName = 'signals-digest';
/** A digest lists this many signals, the most urgent first, and counts the others. */
const mostTold = 50;
const timeout = 30_000;

/** Sends signals to a webhook or a mailbox, for when nobody has the console open. */
export class Digests {
  readonly #options: DigestsOptions;
  readonly #path: string;

  constructor(options: DigestsOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, 'digest.json');
  }

  async settings(): Promise<Settings | null> {
    const settings = await this.#read();
    if (!settings?.hasSecret) return settings;
    // what was kept in memory is gone with the session it was entered in
    const { secretIn = 'keychain' } = settings;
    const isThere =
      secretIn === 'keychain' || (await this.#options.secrets.get(digestSecretName)) !== null;
    return { ...settings, secretIn: isThere ? secretIn : 'gone' };
  }

  async #read(): Promise<z.output<typeof stored> | null> {
    try {
      return stored.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return null;
    }
  }

  /** @throws AppError `ENDPOINT_INVALID`, `INPUT_INVALID` */
  async save({ secret, ...target }: ParsedInput<'signals.setDigest'>): Promise<Settings | null> {
    const before = await this.#read();
    const keeps = secret === undefined && before?.hasSecret === true && sameServer(before, target);
    const hasSecret = keeps || (secret ?? null) !== null;
    assertUsable({ ...target, hasSecret });
    const { secrets, log } = this.#options;
    let secretIn = before?.secretIn ?? 'keychain';
    if (secret) {
      log.hide(secret);
      secretIn = await secrets.set(digestSecretName, secret);
    } else if (!keeps) await secrets.remove(digestSecretName);
    const settings = { ...target, hasSecret, ...(hasSecret ? { secretIn } : {}) };
    await writeFileAtomically(this.#path, `${JSON.stringify(settings)}\n`);
    return this.settings();
  }

  async remove(): Promise<null> {
    await this.#options.secrets.remove(digestSecretName);
    await rm(this.#path, { force: true });
    return null;
  }

  /** @throws AppError `NOT_FOUND` where nothing is set up; and whatever kept it from being sent */
  async send({
    connectionId,
  }: ParsedInput<'signals.sendDigest'>): Promise<CallOutput<'signals.sendDigest'>> {
    const digest = await this.#make(connectionId);
    const settings = await this.settings();
    if (!settings) throw notSetUp();
    const secret = await this.#secret(settings);
    if (settings.kind === 'webhook') await this.#post(settings, secret, digest);
    else await this.#mail(settings, secret, digest);
    return { signals: digest.signals.length, sentTo: settings.to ?? new URL(settings.url).host };
  }

  async #make(connectionId: string | undefined): Promise<Digest> {
    const { attention } = this.#options;
    const only = connectionId === undefined ? {} : { connectionId };
    const listed = await attention.list({ ...only, filter: {}, offset: 0, limit: mostTold });
    const clusters = (await attention.glances()).filter(
      (glance) => connectionId === undefined || glance.connectionId === connectionId,
    );
    const { rows: signals, counts, incomplete } = listed;
    return { at: new Date().toISOString(), counts, clusters, signals, incomplete };
  }

  async #secret({ hasSecret }: Settings): Promise<string | null> {
    if (!hasSecret) return null;
    const found = await this.#options.secrets.get(digestSecretName);
    if (!found) throw noSecret();
    this.#options.log.hide(found.secret);
    return found.secret;
  }

  async #post({ url }: Settings, secret: string | null, digest: Digest): Promise<void> {
    const { systemProxy, version } = this.#options;
    const { proxy } = await routeFor({ endpoint: url }, systemProxy, async () => null);
    const status = await postJson({
      ...{ url, proxy, timeout, userAgent: `ostor-console/${version}` },
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      // Slack, Mattermost and Teams show `text`
      body: { text: textOfDigest(digest), ...digest },
    });
    if (status < 200 || status >= 300) throw refused(new URL(url).host, `status ${status}`);
  }

  async #mail(settings: Settings, secret: string | null, digest: Digest): Promise<void> {
    const { createTransport } = await import('nodemailer');
    const { hostname, port, protocol } = new URL(settings.url);
    const secure = protocol === 'smtps:';
    const transport = createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      // passwords and what tenants do never cross a network unencrypted
      requireTLS: !secure && !isLoopbackHost(hostname),
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      ...(settings.username && secret !== null
        ? { auth: { user: settings.username, pass: secret } }
        : {}),
    });
    try {
      await transport.sendMail({
        from: settings.from,
        to: settings.to,
        subject: `[Ostor Console] ${subjectOf(digest)}`,
        text: textOfDigest(digest),
      });
    } catch (thrown) {
      throw refused(hostname, thrown instanceof Error ? thrown.message : 'no reason given');
    } finally {
      transport.close();
    }
  }
}

/** The secret of one server is not sent to another. */
function sameServer(
  before: Settings,
  target: Pick<Settings, 'url' | 'kind' | 'username'>,
): boolean {
  return (
    before.kind === target.kind &&
    URL.parse(before.url)?.host === URL.parse(target.url)?.host &&
    before.username === target.username
  );
}

function assertUsable({ kind, url, from, to, hasSecret }: Settings): void {
  const parsed = URL.parse(url);
  const protocols = kind === 'webhook' ? ['https:', 'http:'] : ['smtp:', 'smtps:'];
  if (!parsed || !protocols.includes(parsed.protocol) || parsed.hostname === '') {
    throw new AppError({
      code: 'ENDPOINT_INVALID',
      message: `"${url.slice(0, 80)}" is not a valid address of a ${kind === 'webhook' ? 'webhook' : 'mail server'}.`,
      hint:
        kind === 'webhook'
          ? 'Enter it as https://chat.example.com/hooks/…'
          : 'Enter it as smtp://mail.example.com:587 or smtps://mail.example.com:465.',
    });
  }
  if (parsed.password !== '')
    throw invalidInput(
      'The address contains a password.',
      'Enter the password in its own field; it is kept in the keychain.',
    );
  if (hasSecret && travelsInClear(url)) {
    throw invalidInput('The token would cross the network in clear.', 'Use an https:// address.');
  }
  if (kind === 'smtp' && (!from || !to)) {
    throw invalidInput('A mail needs a sender and a recipient.', 'Enter both addresses.');
  }
}

function notSetUp(): AppError {
  return notFound('No digest is set up.', 'Enter a webhook or a mail server in Settings, Digest.');
}

function noSecret(): AppError {
  return new AppError({
    code: 'CREDENTIAL_MISSING',
    message: 'The secret of the digest is not in the keychain, nor in this session.',
    hint: 'Enter it again in Settings, Digest, or name a file that holds it: --digest-secret-file.',
  });
}

function refused(host: string, detail: string): AppError {
  return new AppError({
    code: 'REQUEST_REFUSED',
    message: `${host} rejected the digest: ${detail.slice(0, 300)}.`,
    hint: 'Check address, sender and secret in Settings, Digest.',
    retryable: true,
  });
}

type Signal = CallOutput<'signals.list'>['rows'][number];

/** The content of a digest: the clusters at a glance and the most urgent signals. */
interface Digest {
  at: string;
  counts: CallOutput<'signals.list'>['counts'];
  clusters: CallOutput<'signals.clusters'>;
  signals: Signal[];
  incomplete: CallOutput<'signals.list'>['incomplete'];
}

/** One line: `2 critical, 5 warnings`. */
function subjectOf({ counts, incomplete }: Pick<Digest, 'counts' | 'incomplete'>): string {
  const parts = [
    ...(counts.critical > 0 ? [`${counts.critical} critical`] : []),
    ...(counts.warning > 0 ? [formatCounted(counts.warning, 'warning')] : []),
    ...(incomplete.length > 0 ? [`${incomplete.length} not known`] : []),
  ];
  return parts.length === 0 ? 'Nothing needs attention' : parts.join(', ');
}

function atRisk({ amount, currency, minorDigits, per }: NonNullable<Signal['money']>): string {
  const words = amountWords(fromWireInteger(amount), currency, minorDigits);
  return ` At risk: ${words}${per === 'month' ? ' a month' : ''}.`;
}

/** The digest as plain text, a line a signal. */
function textOfDigest(digest: Digest): string {
  const { at, clusters, signals, incomplete } = digest;
  const lines = signals.map(
    ({ severity, connectionName, title, subject, evidence, money }) =>
      `${severity.toUpperCase()}  ${connectionName}  ${title}: ${subject.name}. ${evidence[0] ?? ''}${money ? atRisk(money) : ''}`,
  );
  const sizes = clusters.map(({ name, state, bytes, asOf }) => {
    const size = bytes === null ? 'size not known' : formatBytes(fromWireInteger(bytes));
    return `${name}: ${size}, ${state}${asOf === null ? '' : `, data of ${asOf}`}`;
  });
  return [
    `${subjectOf(digest)} (${at})`,
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
    ...sizes,
    ...incomplete.map(({ connectionName, reason }) => `Not known: ${connectionName}: ${reason}`),
    '',
  ].join('\n');
}
