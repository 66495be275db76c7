import type { Migration } from '../../../store/sqlite/database.ts';
import { customers } from './0001-customers.ts';
import { bills } from './0002-bills.ts';
import { onboarding } from './0003-onboarding.ts';
import { letterheadAndExceptions } from './0004-letterhead-and-exceptions.ts';
import { offboarding } from './0005-offboarding.ts';
import { acceptedLines } from './0006-accepted-lines.ts';
import { billableItems } from './0007-billable-items.ts';
import { removedConnections } from './0008-removed-connections.ts';
import { temporaryRaises } from './0009-temporary-raises.ts';
import { planProducts } from './0010-plan-products.ts';
import { issuedUsers } from './0011-issued-users.ts';
import { handoverHours } from './0012-handover-hours.ts';
import { customerOrders } from './0013-customer-orders.ts';
import { serviceRegistered } from './0014-service-registered.ts';
import { onboardingAsked } from './0015-onboarding-asked.ts';
import { planAssigned } from './0016-plan-assigned.ts';
import { planMatched } from './0017-plan-matched.ts';
import { notBilled } from './0018-not-billed.ts';
import { detailsAsked } from './0019-details-asked.ts';
import { historyChain } from './0020-history-chain.ts';

/** Every step of the customers' database, in order. */
export const customerMigrations: readonly Migration[] = [
  customers,
  bills,
  onboarding,
  letterheadAndExceptions,
  offboarding,
  acceptedLines,
  billableItems,
  removedConnections,
  temporaryRaises,
  planProducts,
  issuedUsers,
  handoverHours,
  customerOrders,
  serviceRegistered,
  onboardingAsked,
  planAssigned,
  planMatched,
  notBilled,
  detailsAsked,
  historyChain,
];
