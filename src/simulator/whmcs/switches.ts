import { faultParts, kebab, numberOf, oneOf, truthOf } from '../model/switch-values.ts';
import type { WhmcsOptions } from './index.ts';
import {
  defaultWhmcsVariants,
  type WhmcsFault,
  type WhmcsVariants,
  whmcsFaultKinds,
  whmcsVariantChoices,
} from './model/variants.ts';

const numbers = ['port', 'clients', 'duplicateEmailEvery', 'pendingOrderEvery'] as const;
const faultNumbers = ['probability', 'count', 'skip', 'status'] as const;
const faultTexts = ['action', 'message'] as const;
const variantNames = Object.keys(whmcsVariantChoices) as (keyof WhmcsVariants)[];

const switchOf = (name: string): string => `whmcs-${kebab(name)}`;

/** The switches of the simulated WHMCS, as `parseArgs` wants them. */
export const whmcsSwitches = {
  ...Object.fromEntries(
    [...numbers, 'addressAllowed', ...variantNames].map((name) => [
      switchOf(name),
      { type: 'string' as const },
    ]),
  ),
  'whmcs-deny': { type: 'string', multiple: true },
  'whmcs-fault': { type: 'string', multiple: true },
} as const;

/** A fault as `kind,name=value,…`: `drop-after,action=CreateInvoice,count=1`. Throws where a part is not known. */
function parseWhmcsFault(text: string): WhmcsFault {
  const { kind, parts } = faultParts(text, whmcsFaultKinds);
  const fault: WhmcsFault = { kind };
  for (const { part, name, value } of parts) {
    const number = faultNumbers.find((known) => known === name);
    const words = faultTexts.find((known) => known === name);
    if (number !== undefined) fault[number] = numberOf(name, value);
    else if (words !== undefined) fault[words] = value;
    else throw new Error(`a fault has no ${part}`);
  }
  return fault;
}

/**
 * Reads the switches of the simulated WHMCS.
 * @returns null where none is set
 * @throws Error with a plain message where one can't be understood
 */
export function readWhmcsSwitches(values: Readonly<Record<string, unknown>>): WhmcsOptions | null {
  const textOf = (name: string): string | undefined => {
    const value = values[switchOf(name)];
    return typeof value === 'string' ? value : undefined;
  };
  const listOf = (name: string): string[] => (values[name] as string[] | undefined) ?? [];
  const options: WhmcsOptions = {};
  for (const name of numbers) {
    const text = textOf(name);
    if (text !== undefined) options[name] = numberOf(switchOf(name), text);
  }
  const allowed = textOf('addressAllowed');
  if (allowed !== undefined) options.addressAllowed = truthOf(switchOf('addressAllowed'), allowed);
  const variants = variantNames.flatMap((name) => {
    const text = textOf(name);
    const choices: readonly unknown[] = whmcsVariantChoices[name];
    return text === undefined ? [] : [[name, oneOf(switchOf(name), choices, text)] as const];
  });
  if (variants.length > 0) options.variants = Object.fromEntries(variants);
  const [denied, faults] = [listOf('whmcs-deny'), listOf('whmcs-fault').map(parseWhmcsFault)];
  if (denied.length > 0) options.denied = denied;
  if (faults.length > 0) options.faults = faults;
  return Object.keys(options).length === 0 ? null : options;
}

/** The lines of `--help` about the simulated WHMCS. */
export function whmcsHelp(): string[] {
  return [
    'A simulated WHMCS, which runs next to the gateway if any of these is given:',
    '  --whmcs (clients with the e-mails of the users, and some more)',
    ...numbers.map((name) => `  --${switchOf(name)} <number>`),
    '  --whmcs-address-allowed true|false (true); false lets in callers with the access key alone',
    '  --whmcs-deny <action>, any number of them: what the API role may not call',
    ...variantNames.map(
      (name) =>
        `  --${switchOf(name)} ${whmcsVariantChoices[name].join('|')} (${defaultWhmcsVariants[name]})`,
    ),
    '  --whmcs-fault kind[,action=…][,probability=…][,count=…][,skip=…][,status=…][,message=…]',
    `  kinds: ${whmcsFaultKinds.join(', ')}`,
  ];
}
