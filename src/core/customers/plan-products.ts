import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { CustomerStore } from './store/customer-store.ts';

/** A product of a billing connection; null: of the first one that is added. */
export type PlanProduct = CallOutput<'servicePlans.save'>['products'][number];

type Wanted = Pick<ParsedInput<'servicePlans.save'>, 'products' | 'productIds' | 'id'>;

/**
 * Returns the products of a plan that is saved. Plain ids mean those of the only billing connection, or
 * of the only one that lists them.
 * @throws AppError `TARGET_AMBIGUOUS` where several connections could be meant,
 *   `BILLING_CONNECTION_NOT_FOUND`
 */
export async function productsOfPlan(
  { products, productIds, id }: Wanted,
  store: CustomerStore,
): Promise<PlanProduct[]> {
  const connections = (await store.ask('listConnections', null)).map((one) => one.id);
  const plain = productIds.map((productId) => ({ billingId: null, productId }));
  const wanted: PlanProduct[] = [...products, ...plain];
  const nameless = wanted.flatMap((one) => (one.billingId === null ? [one.productId] : []));
  const listings = await store.ask('listingProducts', { productIds: nameless });
  // what a plan has of a removed connection stays: the connection may be added again
  const before = (await store.ask('listPlans', { retired: true })).find((plan) => plan.id === id);
  const known = new Set([...connections, ...(before?.products ?? []).map((one) => one.billingId)]);
  const unknown = wanted.find(({ billingId }) => billingId !== null && !known.has(billingId));
  if (unknown) throw noSuchConnection(unknown);
  const found = wanted.map(({ billingId, productId }) => ({
    billingId: billingId ?? onlyOne(productId, connections, listings),
    productId,
  }));
  const byKey = new Map(found.map((one) => [`${one.billingId} ${one.productId}`, one]));
  return [...byKey.values()];
}

/** @throws AppError `TARGET_AMBIGUOUS` where several billing connections list one of the products */
export async function refuseAmbiguous(
  productIds: readonly string[],
  store: CustomerStore,
): Promise<void> {
  const listings = await store.ask('listingProducts', { productIds: [...productIds] });
  const ids = listings.map(({ productId }) => productId);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw ambiguous(twice);
}

type Listing = { billingId: string; productId: string };

function onlyOne(
  productId: string,
  connections: readonly string[],
  listings: readonly Listing[],
): string | null {
  const [only = null, second] = connections;
  if (second === undefined) return only;
  const [listing, other] = listings.filter((one) => one.productId === productId);
  if (!listing || other) throw ambiguous(productId);
  return listing.billingId;
}

function ambiguous(productId: string): AppError {
  return new AppError({
    code: 'TARGET_AMBIGUOUS',
    message: `Several billing connections could be meant by the product ${productId}.`,
    hint: 'Name the billing connection of each product.',
  });
}

function noSuchConnection({ billingId, productId }: PlanProduct): AppError {
  return new AppError({
    code: 'BILLING_CONNECTION_NOT_FOUND',
    message: `There is no billing connection "${billingId}" for the product ${productId}.`,
    hint: 'Take its id from the list of billing connections.',
  });
}
