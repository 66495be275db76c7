import { parseArgs } from 'node:util';
import { type Fault, faultKinds } from './model/faults.ts';
import { faultParts, kebab, numberOf, oneOf, truthOf } from './model/switch-values.ts';
import { defaultVariants, type SignatureForm, type Variants } from './model/variants.ts';
import { profileNames, type SimulatorOptions } from './options.ts';
import { type StageName, stagedElsewhere, stageNames, stageSignal, stageWords } from './stages.ts';
import type { WhmcsOptions } from './whmcs/index.ts';
import { readWhmcsSwitches, whmcsHelp, whmcsSwitches } from './whmcs/switches.ts';

/** The values a switch can have: one of a few, a whole number, any text, or a list of signatures. */
type Choices<Value> = [Value] extends [readonly SignatureForm[]]
  ? 'signatures'
  : [Value] extends [number]
    ? readonly Value[] | 'number'
    : readonly Value[] | 'text';

const yesOrNo = [true, false] as const;

/** For every variant the values it can have. A variant without an entry does not compile. */
export const variantChoices: { readonly [Name in keyof Variants]: Choices<Variants[Name]> } = {
  accept: 'signatures',
  refusedForm: ['mismatch', 'denied'],
  region: 'text',
  undocumented: ['taken', 'refused', 'overlooked'],
  plusInQuery: ['space', 'literal'],
  errorForm: ['xml-and-header', 'xml', 'header', 'empty', 'json'],
  transfer: ['chunked', 'length'],
  deletedStatus: [203, 204],
  deletedContentType: ['application/json', 'application/xml', 'none'],
  numbers: ['integers', 'strings'],
  dateHeader: ['sent', 'none'],
  clockSkew: ['refused', 'ignored'],
  staleMs: 'number',
  userList: ['array', 'Users', 'users', 'array-with-secrets'],
  userDetail: ['full', 'keys-only'],
  space: yesOrNo,
  spaceOmittedWhenEmpty: yesOrNo,
  secretKeyTypo: yesOrNo,
  accountCount: ['string', 'number'],
  existingEmail: ['conflict', 'second-user', 'existing-user'],
  generatedKeys: ['new', 'all'],
  postById: yesOrNo,
  revokeLastKey: yesOrNo,
  keyLimitStatus: [400, 403, 409],
  userOwnsBucketsStatus: [400, 403, 409],
  bucketSelector: yesOrNo,
  multiSelector: yesOrNo,
  multiBody: ['arrives', 'dropped'],
  unknownBucket: ['not-found', 'empty-list'],
  systemUserDeletesBuckets: yesOrNo,
  systemUserWritesObjects: yesOrNo,
  limitsUnset: ['not-found', 'error', 'zeros'],
  limitsDeleted: ['unset', 'zeros'],
  limitSyntax: ['both', 'new', 'old'],
  limitPutResetsSiblings: yesOrNo,
  quotaUnset: ['not-found', 'zero'],
  quotaRead: ['specific', 'effective'],
  quotaType: ['words', 'digits'],
  quotaSize: ['string', 'number'],
  serviceId: ['bare', 'quoted', 'bare-0x', 'quoted-0x'],
  counters: ['flat', 'per-class'],
  usagePageSize: 'number',
  usagePaging: yesOrNo,
  usageLimitBreaksAbove: 'number',
  usageLimitExcludesAfter: yesOrNo,
  usage1970: yesOrNo,
  usageRepeatsNames: yesOrNo,
  usageCursorStuck: yesOrNo,
  usageTruncated: ['true-to-fact', 'always', 'never'],
  usageCountLies: yesOrNo,
  usageChanges: yesOrNo,
};

/** Which certificate HTTPS is served with. */
const tlsModes = ['self-signed', 'authority', 'expiring', 'expired', 'wrong-host'] as const;

export interface CommandLine {
  options: SimulatorOptions;
  faults: Fault[];
  /** Causes of signals that are staged at the start. */
  stages: StageName[];
  tls: (typeof tlsModes)[number] | null;
  /** How the simulated WHMCS next to the gateway is; null: there is none. */
  whmcs: WhmcsOptions | null;
  help: boolean;
}

const numberOptions = [
  'port',
  'users',
  'buckets',
  'duplicateEmails',
  'usage',
  'usageServices',
  'usagePeriodSeconds',
  'usageGapEvery',
  'usageItems',
  'seed',
  'now',
  'latencyMs',
  'clockSkewMs',
] as const;
const booleanOptions = ['quotas', 'hugeCounters'] as const;
const signatureForms: readonly SignatureForm[] = ['v2', 'v2-unsigned-payload', 'v4'];
const faultNumbers = ['probability', 'count', 'skip', 'ms', 'status'] as const;
const faultMatches = ['service', 'method', 'query', 'path'] as const;

function variantValue(name: keyof Variants, text: string): unknown {
  const choices = variantChoices[name];
  if (choices === 'number') return numberOf(name, text);
  if (choices === 'text') return text;
  if (choices === 'signatures') {
    const forms = text.split(',').map((form) => signatureForms.find((known) => known === form));
    if (forms.includes(undefined)) throw new Error(`${name} is some of ${signatureForms.join()}`);
    return forms;
  }
  return oneOf<unknown>(name, choices, text);
}

/**
 * A fault as `kind,name=value,…`: `status,service=ostor-users,probability=0.02,status=503`.
 * Throws where a part is not known.
 */
export function parseFault(text: string): Fault {
  const { kind, parts } = faultParts(text, faultKinds);
  const fault: Fault = { kind };
  for (const { part, name, value } of parts) {
    const number = faultNumbers.find((known) => known === name);
    const match = faultMatches.find((known) => known === name);
    if (number !== undefined) fault[number] = numberOf(name, value);
    else if (match !== undefined) fault.match = { ...fault.match, [match]: value };
    else if (name === 'location') fault.location = value;
    else throw new Error(`a fault has no ${part}`);
  }
  return fault;
}

/** Reads the command line. Throws an error with a plain message where it cannot be understood. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const variantNames = Object.keys(defaultVariants) as (keyof Variants)[];
  const names = [...numberOptions, ...booleanOptions, ...variantNames, 'tls', 'profile'];
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(names.map((name) => [kebab(name), { type: 'string' as const }])),
      fault: { type: 'string', multiple: true },
      stage: { type: 'string', multiple: true },
      whmcs: { type: 'boolean' },
      ...whmcsSwitches,
      help: { type: 'boolean' },
    },
  });
  const textOf = (name: string) => {
    const value = (values as Record<string, unknown>)[kebab(name)];
    return typeof value === 'string' ? value : undefined;
  };
  const options: SimulatorOptions = { users: 240, buckets: 900 };
  for (const name of numberOptions) {
    const text = textOf(name);
    if (text !== undefined) options[name] = numberOf(kebab(name), text);
  }
  for (const name of booleanOptions) {
    const text = textOf(name);
    if (text !== undefined) options[name] = truthOf(kebab(name), text);
  }
  options.variants = Object.fromEntries(
    variantNames.flatMap((name) => {
      const text = textOf(name);
      return text === undefined ? [] : [[name, variantValue(name, text)]];
    }),
  );
  const [profile, tls] = [textOf('profile'), textOf('tls')];
  if (profile !== undefined) options.profile = oneOf('profile', profileNames, profile);
  const stages = (values.stage ?? []).flatMap((text) => text.split(','));
  return {
    options,
    faults: (values.fault ?? []).map(parseFault),
    stages: stages.map((text) => oneOf('a stage', stageNames, text)),
    tls: tls === undefined ? null : oneOf('tls', tlsModes, tls),
    whmcs: readWhmcsSwitches(values) ?? (values.whmcs === true ? {} : null),
    help: values.help === true,
  };
}

/** Returns what `--help` prints: every switch with its values. */
export function helpText(): string {
  const variants = Object.entries(variantChoices).map(
    ([name, choices]) =>
      `  --${kebab(name)} ${Array.isArray(choices) ? choices.join('|') : `<${choices}>`}` +
      ` (${defaultVariants[name as keyof Variants]})`,
  );
  return [
    'Simulates an ostor gateway on the loopback interface until SIGTERM.',
    '',
    ...numberOptions.map((name) => `  --${kebab(name)} <number>`),
    ...booleanOptions.map((name) => `  --${kebab(name)} true|false`),
    `  --tls ${tlsModes.join('|')}`,
    `  --profile ${profileNames.join('|')} (tolerant)`,
    '',
    'What differs between gateways (default of the tolerant profile):',
    ...variants,
    '',
    'Faults, any number of them:',
    '  --fault kind[,service=…][,method=…][,query=…][,path=…][,probability=…][,count=…][,skip=…]',
    '          [,ms=…][,status=…][,location=…]',
    `  kinds: ${faultKinds.join(', ')}`,
    '',
    'Causes of signals, staged at the start: --stage name[,name …]. Where a console compares with the',
    'past, let it see the cluster without the stage first; the same --seed is the same cluster.',
    ...stageNames.map((name) => `  ${name}: ${stageWords(name)} (signal ${stageSignal(name)})`),
    'Signals of what no gateway does:',
    ...Object.entries(stagedElsewhere).map(([signal, words]) => `  ${signal}: ${words}`),
    '',
    ...whmcsHelp(),
    '',
  ].join('\n');
}
