import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { forbiddenByPolicy } from '#shared/contract/app.ts';
import { proxy } from '#shared/contract/connections.ts';
import { connectionId } from '#shared/contract/define.ts';
import { type CallOutput, contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { isSafeFeed } from '#shared/update-feed.ts';

const policyConnection = contract['connections.save'].input
  .omit({ secretKey: true, proxy: true })
  .extend({ id: connectionId, proxy: proxy.omit({ hasPassword: true }).optional() });

const forbidden = z.literal('forbidden').optional();

const policySettings = z.object({
  /** Where updates come from; null: they stay off. */
  updateFeed: z
    .string()
    .max(2000)
    .refine(isSafeFeed, 'an https address without a password')
    .nullable()
    .optional(),
  /** Connections over http to another machine. */
  plainHttp: forbidden,
  /** Showing the secret key of an access key that exists. */
  revealSecrets: forbidden,
  /** Secret keys and passwords in files of exported connections. */
  exportSecrets: forbidden,
  /** What was last seen of clusters in field packs. */
  exportClusters: forbidden,
  /** Connections other than those of the policy. */
  addConnections: forbidden,
  /** Minutes after which an unused browser of the web shell is signed out, at the most. */
  idleMinutes: z.int().min(1).max(1440).optional(),
});

const policyFile = z.object({
  version: z.literal(1),
  /** Who set it, in the interface. */
  organization: z.string().trim().min(1).max(200).optional(),
  connections: z.array(policyConnection).max(1000).default([]),
  settings: policySettings.default({}),
});

type PolicySettings = z.output<typeof policySettings>;

/** A connection of the policy, and the names of the fields that it sets. */
interface PolicyConnection {
  connection: z.output<typeof policyConnection>;
  fields: readonly string[];
}

/** What the administrator of this machine set. */
export interface Policy {
  path: string;
  organization: string | null;
  connections: readonly PolicyConnection[];
  settings: PolicySettings;
}

/** Bytes of a policy file at the most. */
const most = 4_000_000;

/**
 * Returns where the administrator's policy is looked for on a system: in a folder that users can't write
 * to.
 */
export function policyPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return 'C:\\ProgramData\\Ostor Console\\policy.json';
  if (platform === 'darwin') return '/Library/Application Support/Ostor Console/policy.json';
  return '/etc/ostor-console/policy.json';
}

interface PolicyPlaces {
  /** The system's own file. */
  system?: string | undefined;
  /** A file to use where the system has none: to try a policy before it is rolled out. */
  trial?: string | undefined;
}

/**
 * Reads the administrator's policy. One that can't be read whole is an error: what it forbids would
 * otherwise be allowed by a slip of the pen.
 * @returns null where there is none
 * @throws AppError `POLICY_INVALID`
 */
export async function readPolicy({
  system = policyPath(),
  trial = process.env.OSTOR_CONSOLE_POLICY,
}: PolicyPlaces = {}): Promise<Policy | null> {
  const found = await readOwned(system);
  if (found !== null) return parsePolicy(system, found);
  if (trial === undefined || trial === '') return null;
  const tried = await readOwned(trial);
  if (tried === null) throw invalid(trial, 'the file is missing');
  return parsePolicy(trial, tried);
}

/** The text of a file that no other user can write to; null where there is none. */
async function readOwned(path: string): Promise<string | null> {
  try {
    const { uid, mode, size } = await stat(path);
    if (process.platform !== 'win32') {
      if (uid !== 0 && uid !== process.getuid?.()) throw invalid(path, 'another user owns it');
      if ((mode & 0o022) !== 0) throw invalid(path, 'other users may write to it');
    }
    if (size > most) throw invalid(path, `it has more than ${most / 1_000_000} MB`);
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw invalid(path, `it can't be read (${code})`);
  }
}

function parsePolicy(path: string, text: string): Policy {
  const raw = parseJson(path, text);
  const { data, error } = policyFile.safeParse(raw);
  if (error) {
    const [issue] = error.issues;
    throw invalid(path, `${nameOf(issue?.path ?? [])}: ${issue?.message ?? 'not a policy'}`);
  }
  const unknown = unknownName(raw, data);
  if (unknown !== null) throw invalid(path, `${unknown}: no such setting`);
  const ids = data.connections.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw invalid(path, `connections: two have the id "${twice}"`);
  const entries = (raw as { connections?: object[] }).connections ?? [];
  return {
    path,
    organization: data.organization ?? null,
    settings: data.settings,
    connections: data.connections.map((connection, index) => ({
      connection,
      fields: Object.keys(entries[index] ?? {}),
    })),
  };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')); // as Windows' own editor writes it
  } catch {
    throw invalid(path, 'it is not JSON');
  }
}

/** The first name in `raw` that `read` does not have, with the way to it; null where it has all. */
function unknownName(raw: unknown, read: unknown, way: (string | number)[] = []): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  if (typeof read !== 'object' || read === null) return nameOf(way);
  for (const [name, inner] of Object.entries(raw)) {
    const here = [...way, Array.isArray(raw) ? Number(name) : name];
    if (!Object.hasOwn(read, name)) return nameOf(here);
    const deeper = unknownName(inner, Reflect.get(read, name), here);
    if (deeper !== null) return deeper;
  }
  return null;
}

function nameOf(way: readonly PropertyKey[]): string {
  const text = way.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return text.join('').replace(/^\./, '') || 'the whole file';
}

function invalid(path: string, reason: string): AppError {
  return new AppError({
    code: 'POLICY_INVALID',
    message: `The administrator's policy ${path} can't be used: ${reason}.`,
    hint: 'Correct the file, or ask your administrator to. The console does not start without it, since it may forbid what you would do.',
  });
}

/** Words for what a policy forbids, for refusals. */
const forbiddenWords = {
  plainHttp: 'Connections over plain http are',
  revealSecrets: 'Revealing secret keys is',
  exportSecrets: 'Exporting secret keys is',
  exportClusters: 'Saving cached cluster data in a field pack is',
  addConnections: 'Adding connections is',
} as const;

type Forbidden = keyof typeof forbiddenWords;

/**
 * Lets something happen unless the policy forbids it.
 * @throws AppError `POLICY_FORBIDS`
 */
export function assertAllowed(policy: Policy | null, what: Forbidden): void {
  if (policy?.settings[what] !== 'forbidden') return;
  throw policyForbids(policy, `${forbiddenWords[what]} turned off by your administrator.`);
}

/** A policy as the interface shows it. */
export function describePolicy(policy: Policy | null): CallOutput<'app.info'>['policy'] {
  if (!policy) return null;
  const { path, organization, settings, connections } = policy;
  return {
    path,
    organization,
    forbidden: forbiddenByPolicy.options.filter((name) => settings[name] === 'forbidden'),
    idleMinutes: settings.idleMinutes ?? null,
    connections: connections.length,
  };
}

/** The refusal of what a policy does not allow. */
export function policyForbids({ path, organization }: Policy, message: string): AppError {
  const who = organization === null ? 'your administrator' : organization;
  return new AppError({
    code: 'POLICY_FORBIDS',
    message,
    hint: `Set in ${path}. Ask ${who} if you need it.`,
  });
}
