import {
  IconAddressBook,
  IconArrowBarToUp,
  IconBucket,
  IconChartBar,
  IconGauge,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconRotate,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { BucketPage, BucketsPage } from '../pages/buckets/buckets-page.tsx';
import { CampaignPage } from '../pages/campaigns/campaign-page.tsx';
import { CampaignsPage } from '../pages/campaigns/campaigns-page.tsx';
import { ChangePlansPage } from '../pages/changes/change-plans-page.tsx';
import { KeptPlanPage } from '../pages/changes/kept-plan-page.tsx';
import { NewChangesPage } from '../pages/changes/new-changes-page.tsx';
import { PlanPage } from '../pages/changes/plan-page.tsx';
import { RunPage } from '../pages/changes/run-page.tsx';
import { RunsPage } from '../pages/changes/runs-page.tsx';
import { InvoicesPage } from '../pages/customers/bills/invoices-page.tsx';
import { CustomerStatementsPage } from '../pages/customers/bills/statements-page.tsx';
import { ChecksPage } from '../pages/customers/checks-page.tsx';
import { CustomersHistoryPage } from '../pages/customers/customer-history.tsx';
import { CustomerPage, CustomersPage } from '../pages/customers/customers-page.tsx';
import { OffboardingPage } from '../pages/customers/offboarding-page.tsx';
import { NewOnboardingPage } from '../pages/customers/onboarding/new-onboarding-page.tsx';
import { OnboardingPage } from '../pages/customers/onboarding/onboarding-page.tsx';
import { DriftPage } from '../pages/customers/plans/drift-page.tsx';
import { PlansPage } from '../pages/customers/plans/plans-page.tsx';
import { JournalPage } from '../pages/journal/journal-page.tsx';
import { KeysPage } from '../pages/keys/keys-page.tsx';
import { LimitsPage } from '../pages/limits/limits-page.tsx';
import { PressurePage } from '../pages/limits/pressure-page.tsx';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { IssuedPage } from '../pages/usage/billing/issued-page.tsx';
import { StatementsPage } from '../pages/usage/billing/statements-page.tsx';
import { TariffsPage } from '../pages/usage/billing/tariffs-page.tsx';
import { CollectionPage } from '../pages/usage/collect/collection-page.tsx';
import { CoveragePage } from '../pages/usage/coverage/coverage-page.tsx';
import { GatewayPage } from '../pages/usage/gateway/gateway-page.tsx';
import { StoragePage } from '../pages/usage/storage/storage-page.tsx';
import { TrafficPage } from '../pages/usage/traffic/traffic-page.tsx';
import { UserPage, UsersPage } from '../pages/users/users-page.tsx';

export interface ClusterPage {
  /** Its address under `/c/<connectionId>/`. */
  path: string;
  label: string;
  icon: TablerIcon;
  /** Second key after G. */
  goKey: string;
  Component: ComponentType;
  /** Further routes under it, not in the rail: `:userId`. */
  further?: readonly {
    path: string;
    /** Its name in the command palette; omitted where it is the page of one item. */
    label?: string;
    Component: ComponentType;
  }[];
}

/** The pages about a cluster, in the rail's order. Adding a page is one entry here. */
export const clusterPages: readonly ClusterPage[] = [
  {
    path: 'overview',
    label: 'Overview',
    icon: IconLayoutDashboard,
    goKey: 'o',
    Component: OverviewPage,
  },
  {
    path: 'users',
    label: 'Users',
    icon: IconUsers,
    goKey: 'u',
    Component: UsersPage,
    further: [{ path: ':userId', Component: UserPage }],
  },
  {
    path: 'buckets',
    label: 'Buckets',
    icon: IconBucket,
    goKey: 'b',
    Component: BucketsPage,
    further: [{ path: ':name', Component: BucketPage }],
  },
  {
    path: 'customers',
    label: 'Customers',
    icon: IconAddressBook,
    goKey: 'p',
    Component: CustomersPage,
    further: [
      { path: 'checks', label: 'Mismatches', Component: ChecksPage },
      { path: 'onboarding', label: 'Sign-ups', Component: NewOnboardingPage },
      { path: 'onboarding/:onboardingId', Component: OnboardingPage },
      { path: 'offboarding/:offboardingId', Component: OffboardingPage },
      { path: 'plans', label: 'Service plans', Component: PlansPage },
      { path: 'drift', label: 'Plan drift', Component: DriftPage },
      { path: 'statements', label: 'Statements of customers', Component: CustomerStatementsPage },
      { path: 'invoices', label: 'Invoices', Component: InvoicesPage },
      { path: 'history', label: 'History of customers', Component: CustomersHistoryPage },
      { path: ':customerId', Component: CustomerPage },
    ],
  },
  { path: 'keys', label: 'Keys', icon: IconKey, goKey: 'k', Component: KeysPage },
  {
    path: 'campaigns',
    label: 'Key campaigns',
    icon: IconRotate,
    goKey: 'y',
    Component: CampaignsPage,
    further: [{ path: ':campaignId', Component: CampaignPage }],
  },
  {
    path: 'limits',
    label: 'Limits & quotas',
    icon: IconGauge,
    goKey: 'l',
    Component: LimitsPage,
  },
  {
    path: 'pressure',
    label: 'Pressure',
    icon: IconArrowBarToUp,
    goKey: 'r',
    Component: PressurePage,
  },
  {
    path: 'changes',
    label: 'Bulk changes',
    icon: IconListCheck,
    goKey: 'm',
    Component: RunsPage,
    further: [
      { path: 'new', label: 'New bulk change', Component: NewChangesPage },
      { path: 'plan', label: 'Change plan', Component: PlanPage },
      { path: 'plans', label: 'Change plans', Component: ChangePlansPage },
      { path: 'plans/:planId', Component: KeptPlanPage },
      { path: 'run/:runId', Component: RunPage },
    ],
  },
  {
    path: 'usage',
    label: 'Usage',
    icon: IconChartBar,
    goKey: 's',
    Component: TrafficPage,
    further: [
      { path: 'coverage', label: 'Coverage', Component: CoveragePage },
      { path: 'storage', label: 'Storage', Component: StoragePage },
      { path: 'gateway', label: 'Pending on gateway', Component: GatewayPage },
      { path: 'statements', label: 'Statements of users', Component: StatementsPage },
      { path: 'issued', label: 'Issued statements', Component: IssuedPage },
      { path: 'tariffs', label: 'Tariffs', Component: TariffsPage },
      { path: 'collection', label: 'Collection', Component: CollectionPage },
    ],
  },
  { path: 'journal', label: 'Journal', icon: IconHistory, goKey: 'j', Component: JournalPage },
];
