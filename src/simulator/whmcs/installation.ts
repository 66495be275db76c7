import { SeededRandom } from '../model/seeded-random.ts';
import type { Action, ActionContext } from './actions/action.ts';
import { clientActions } from './actions/clients.ts';
import { invoiceActions } from './actions/invoices.ts';
import { orderActions, serviceActions } from './actions/services.ts';
import { systemActions } from './actions/system.ts';
import { ActionError, bodyOf } from './model/answer.ts';
import type { FormFields } from './model/form.ts';
import { WhmcsState } from './model/state.ts';
import type { WhmcsFault, WhmcsVariants } from './model/variants.ts';

/** The faults in force, each with what is left of it. */
class WhmcsFaults {
  readonly #random: SeededRandom;
  /** How many requests were hit so far. */
  hits = 0;
  #faults: { fault: WhmcsFault; left: number; toSkip: number }[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  add(fault: WhmcsFault): void {
    const left = fault.count ?? Number.POSITIVE_INFINITY;
    this.#faults.push({ fault, left, toSkip: fault.skip ?? 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Returns the fault that hits this request, and counts it. */
  next(action: string): WhmcsFault | null {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (entry.left === 0 || (fault.action !== undefined && fault.action !== action)) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
        continue;
      }
      if (fault.probability !== undefined && this.#random.fraction() >= fault.probability) continue;
      entry.left -= 1;
      this.hits += 1;
      return fault;
    }
    return null;
  }
}

const actions: Record<string, Action> = {
  ...clientActions,
  ...serviceActions,
  ...orderActions,
  ...invoiceActions,
  ...systemActions,
};

const actionNames = new Map(Object.keys(actions).map((name) => [name.toLowerCase(), name]));

export interface WhmcsAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** One call as it came in, without its secrets. */
interface LoggedAction {
  action: string;
  /** Names of the fields sent; no values. */
  fields: string[];
  status: number;
  result: 'success' | 'error';
}

/** An installation of WHMCS: its data, who may call it, and how it misbehaves. */
export class Installation {
  readonly state = new WhmcsState();
  readonly log: LoggedAction[] = [];
  readonly faults: WhmcsFaults;
  readonly variants: WhmcsVariants;
  /** Actions that the credential's role may not call. */
  readonly denied = new Set<string>();
  /** Whether the caller's address is on the list; an access key passes without. */
  addressAllowed = true;
  readonly identifier: string;
  readonly secret: string;
  readonly accessKey: string;

  constructor(seed: number, variants: WhmcsVariants, credential: string) {
    this.faults = new WhmcsFaults(seed);
    this.variants = variants;
    this.identifier = `id${credential.slice(0, 30)}`;
    this.secret = `sec${credential.slice(5, 35)}`;
    this.accessKey = `key${credential.slice(8, 28)}`;
  }

  /** Returns the name of the action that a request asks for, as documented; `''` where none is. */
  actionOf(form: FormFields): string {
    const asked = form.text('action') ?? '';
    return actionNames.get(asked.toLowerCase()) ?? asked;
  }

  /** Answers a request: who asks, what may be called, and the action itself. */
  answer(form: FormFields, now: number): WhmcsAnswer {
    const action = this.actionOf(form);
    let status = 200;
    let result: 'success' | 'error' = 'success';
    let fields: Record<string, unknown>;
    try {
      fields = this.#run(action, { form, state: this.state, variants: this.variants, now });
    } catch (thrown) {
      if (!(thrown instanceof ActionError)) throw thrown;
      [status, result, fields] = [thrown.status, 'error', { message: thrown.message }];
    }
    this.log.push({ action, fields: [...form.names()], status, result });
    return {
      status,
      contentType: 'application/json',
      body: bodyOf(result, fields, this.variants),
    };
  }

  #run(name: string, context: ActionContext): Record<string, unknown> {
    const { form } = context;
    if (!this.addressAllowed && form.text('accesskey') !== this.accessKey) {
      throw new ActionError('Invalid IP 127.0.0.1', 403);
    }
    if (form.text('identifier') === undefined || form.text('secret') === undefined) {
      throw new ActionError('Authentication Failed', 403);
    }
    if (form.text('identifier') !== this.identifier) {
      throw new ActionError('Invalid or missing credentials', 403);
    }
    if (form.text('secret') !== this.secret) throw new ActionError('Authentication Failed', 403);
    if (name === '') throw new ActionError('Empty action request', 400);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    const unknown = name === 'WhmcsDetails' && this.variants.version === '7.10';
    if (action === undefined || unknown || this.denied.has(name)) {
      const lower = name.toLowerCase();
      throw new ActionError(`Invalid Permissions: API action "${lower}" is not allowed`, 403);
    }
    return action(context);
  }
}
