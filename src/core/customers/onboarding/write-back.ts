import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { comparable } from '#shared/plain-text.ts';
import { operatorName } from '../../changes/journal/journal.ts';
import type { Clusters } from '../../clusters/clusters.ts';
import { outcomeIsUnknown } from '../../gateway/outcome.ts';
import type { BillingConnections } from '../billing-connections.ts';
import { assertTakesSecrets } from '../billing-guards.ts';
import type { Customers } from '../customers.ts';
import type { BillingService, BillingSystem } from '../port/billing-system.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import type { WriteBack, WrittenKey } from '../store/onboarding.ts';

type Result = CallOutput<'onboarding.writeBack'>;
type State = NonNullable<Result['note']>;

/** Fetches the secret of a key from the gateway; that it was fetched is journalled. */
export type RevealSecret = (
  of: {
    connectionId: string;
    userId: string;
    accountName?: string | undefined;
    accessKeyId: string;
  },
  signal: AbortSignal,
) => Promise<string>;

export interface WriteBackOptions {
  store: CustomerStore;
  billing: BillingConnections;
  customers: Customers;
  clusters: Clusters;
  revealSecret: RevealSecret;
}

/** Whose user is written back, and its key. */
export interface WriteBackTarget {
  customerId: string;
  serviceId: string | null;
  connectionId: string;
  userId: string;
  accessKeyId: string | null;
}

interface Work extends WriteBackTarget {
  wanted: WriteBack;
  ticket: string | undefined;
  again: boolean;
  system: BillingSystem;
  billingId: string;
  /** The client and the service in the billing system. */
  externalId: string;
  externalServiceId: string | null;
  problems: string[];
}

/**
 * Writes user ids and notes to billing systems. A field is read back. A note can't be: it is on record
 * before it is sent, and sent once; where its answer was lost, a person looks.
 */
export class WriteBacks {
  readonly #options: WriteBackOptions;

  constructor(options: WriteBackOptions) {
    this.#options = options;
  }

  /**
   * Writes what is wanted; what was written before is skipped unless `again`.
   * @throws AppError `BILLING_UNSUPPORTED`, `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`,
   * `CREDENTIAL_MISSING`, `INPUT_INVALID`, `PLAIN_HTTP`
   */
  async write(
    target: WriteBackTarget,
    wanted: WriteBack,
    {
      again = false,
      signal = new AbortController().signal,
      ticket,
    }: { again?: boolean; signal?: AbortSignal; ticket?: string | undefined } = {},
  ): Promise<Result> {
    const { billing, customers } = this.#options;
    if (wanted.secretInNote && !wanted.note) throw secretWithoutNote();
    const customer = await customers.get(target.customerId);
    const service = customer.serviceList.find(({ serviceId }) => serviceId === target.serviceId);
    const { billingId, externalId } = customer;
    if (wanted.secretInNote) assertTakesSecrets(await billing.get(billingId));
    const system = await billing.openForWrites(billingId);
    try {
      assertCan(system, wanted);
      const externalServiceId = service?.externalId ?? null;
      const problems: string[] = [];
      const of = { billingId, externalId, externalServiceId, problems };
      const work: Work = { ...target, ...of, wanted, again, ticket, system };
      return {
        field: wanted.place === undefined ? null : await this.#field(work),
        note: wanted.note ? await this.#note(work, signal) : null,
        problems,
        at: new Date().toISOString(),
      };
    } finally {
      await system.close();
    }
  }

  async #field(work: Work): Promise<State> {
    const { externalServiceId, system, userId, again } = work;
    if (externalServiceId === null) {
      work.problems.push('The user is mapped to no service: its id is kept with none.');
      return 'failed';
    }
    try {
      const service = await system.service(externalServiceId);
      const place = placeIn(service, work.wanted.place ?? 'username');
      const before = valueIn(service, place);
      if (before === userId) return 'unchanged';
      if (before !== '' && !again) {
        work.problems.push(`The service holds "${before}" there already; it was not overwritten.`);
        return 'failed';
      }
      return await this.#writeField(work, externalServiceId, place);
    } catch (thrown) {
      work.problems.push(toAppError(thrown).message);
      return 'failed';
    }
  }

  async #writeField(work: Work, externalServiceId: string, place: Place): Promise<State> {
    const { system, userId } = work;
    const key = keyOf(work, 'field');
    const details = { place };
    await this.#options.store.ask('claimWritten', { key, again: true });
    await this.#record(work, 'field', 'sending', details);
    const sent = await system.setServiceUser(externalServiceId, userId, place).then(
      () => null,
      (thrown: unknown) => toAppError(thrown),
    );
    // whatever the answer was: what the service holds now counts
    const now = await system
      .service(externalServiceId)
      .then((service) => valueIn(service, place))
      .catch(() => null);
    if (now === userId) return this.#record(work, 'field', 'written', details);
    work.problems.push(
      sent?.message ??
        (now === null
          ? 'The user id was sent and could not be read back.'
          : `The user id was sent; read back, the service holds "${now}".`),
    );
    const unknown = now === null && (sent === null || outcomeIsUnknown(sent));
    return this.#record(work, 'field', unknown ? 'unknown' : 'failed', details);
  }

  async #note(work: Work, signal: AbortSignal): Promise<State> {
    const { store } = this.#options;
    const { again, system, externalId, wanted } = work;
    const key = keyOf(work, 'note');
    const details = { accessKeyId: work.accessKeyId, secretInNote: wanted.secretInNote };
    try {
      // the text first: where the secret can't be read, nothing is sent
      const text = await this.#text(work, signal);
      const before = await store.ask('claimWritten', { key, again });
      if (before === 'written' && !again) return 'unchanged';
      if (before !== null && before !== 'failed' && !again) {
        work.problems.push(sentBefore);
        return 'unknown';
      }
      await this.#record(work, 'note', 'sending', details);
      try {
        await system.addNote(externalId, text);
      } catch (thrown) {
        const error = toAppError(thrown);
        const unknown = outcomeIsUnknown(error);
        work.problems.push(unknown ? `${error.message} ${sentBefore}` : error.message);
        return await this.#record(work, 'note', unknown ? 'unknown' : 'failed', details);
      }
      return await this.#record(work, 'note', 'written', details);
    } catch (thrown) {
      work.problems.push(toAppError(thrown).message);
      return 'failed';
    }
  }

  async #text(work: Work, signal: AbortSignal): Promise<string> {
    const { connectionId, userId, accessKeyId, wanted } = work;
    const { connection } = await this.#options.clusters.get(connectionId);
    const key = accessKeyId === null ? '' : ` Access key: ${accessKeyId}.`;
    const text = `S3 user ${userId} on ${connection.name} (${connection.endpoint}).${key}`;
    if (!wanted.secretInNote || accessKeyId === null) return text;
    const of = { connectionId, userId, accessKeyId };
    return `${text} Secret key: ${await this.#options.revealSecret(of, signal)}`;
  }

  async #record<Ended extends State | 'sending'>(
    work: Work,
    kind: WrittenKey['kind'],
    state: Ended,
    details: Record<string, unknown>,
  ): Promise<Ended> {
    await this.#options.store.ask('noteWritten', {
      key: keyOf(work, kind),
      state: state === 'unchanged' ? 'written' : (state as Exclude<State, 'unchanged'>),
      operator: operatorName(),
      ticket: work.ticket,
      billingId: work.billingId,
      details,
    });
    return state;
  }
}

const sentBefore =
  'The note was sent and its answer lost; WHMCS has no call that reads notes. Look at the client there before adding it again.';

const keyOf = (
  { customerId, serviceId, connectionId, userId }: WriteBackTarget,
  kind: WrittenKey['kind'],
): WrittenKey => ({ customerId, serviceId, connectionId, userId, kind });

/** Where a service keeps the user id: each product numbers its custom fields itself. */
type Place = Parameters<BillingSystem['setServiceUser']>[2];

function placeIn(service: BillingService | null, place: NonNullable<WriteBack['place']>): Place {
  if (place === 'username' || 'customField' in place) return place;
  const name = place.customFieldNamed;
  const fields = service?.customFields ?? [];
  const named = fields.filter((field) => comparable(field.name) === comparable(name));
  const [only, second] = named;
  if (only && !second) return { customField: only.id };
  const found = second ? 'several custom fields' : 'no custom field';
  throw notFound(
    `The product "${service?.productName ?? ''}" has ${found} named "${name}".`,
    'Look at the custom fields of the product in WHMCS.',
  );
}

function valueIn(service: BillingService | null, place: Place): string {
  if (service === null) {
    throw notFound(
      'The billing system no longer lists the service.',
      'Refresh the billing connection.',
    );
  }
  if (place === 'username') return service.username ?? '';
  return service.customFields.find(({ id }) => id === place.customField)?.value ?? '';
}

function assertCan(system: BillingSystem, { place, note }: WriteBack): void {
  const lacks =
    (place !== undefined && !system.capabilities.has('service-fields')) ||
    (note && !system.capabilities.has('notes'));
  if (!lacks) return;
  throw new AppError({
    code: 'BILLING_UNSUPPORTED',
    message: 'This billing connection is a table: nothing can be written to it.',
    hint: 'Onboard without writing to the billing system, or connect WHMCS.',
  });
}

function secretWithoutNote(): AppError {
  return invalidInput(
    'The secret key goes into the note alone, and no note is to be added.',
    'Add the note, or leave the secret out.',
  );
}
