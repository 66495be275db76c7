import { join } from 'node:path';
import { filesUnder } from '#test/fakes/files-under.ts';
import { billedMonth } from './billed.ts';

type Words = string | RegExp;

/** A button or an entry of a menu by its name, a box that is ticked, a key, or a field and its text. */
export type Press = Words | { tick: string } | { key: string } | { fill: string; with: string };

/** Where a dialog is drawn, what it is called, and what is pressed for it, one after the other. */
export type Opened = readonly [source: string, dialog: Words, ...presses: Press[]];

/** A page, and the dialogs that are opened on it. */
type OnPage = readonly [at: string, ...Opened[]];

/** What the addresses of pages contain. */
export interface Known {
  userId: string;
  bucket: string;
  journalId: string;
  planId: string;
  campaignId: string;
  runId: string;
  doneRunId: string;
  customerId: string;
  servicePlanId: string;
  offboardingId: string;
}

/** The dialogs of the console, by the page they are opened on. */
export function dialogsByPage(of: Known): readonly OnPage[] {
  return [...ofUsersAndBuckets(of), ...ofChanges(of), ...ofUsage, ...ofCustomers(of), ...ofConsole];
}

const changes = 'changes/';
const pages = 'pages/';

function ofUsersAndBuckets({ userId, bucket }: Known): readonly OnPage[] {
  const keys = `${changes}keys/key-dialogs`;
  const raises = `${changes}limits/temporary`;
  const accounts = `${changes}users/account-dialogs`;
  const more = 'More actions';
  return [
    [
      `users/${userId}`,
      [`${changes}users/user-operations`, 'Disable user', 'Disable user'],
      [`${changes}limits/edit-quota`, 'Set quota', 'Set quota'],
      [`${changes}limits/edit-limits`, 'Set rate limits', 'Set rate limits'],
      [keys, 'Generate access key', more, 'Generate key'],
      [accounts, 'Create account', more, 'Create account'],
      [`${changes}keys/handover-dialog`, /^Handover sheet/, more, 'Handover sheet'],
      ['kit/detail/plan-chooser', /^Add to plan/, more, 'Add to plan'],
      [`${changes}operation/planned-requests`, 'Read by command line', 'Show commands'],
      [`${changes}keys/reveal-secret`, 'Reveal secret', /^Reveal secret of/],
      [keys, 'Rotate access key', /^Actions on key/, 'Rotate access key'],
      [keys, 'Revoke access key', /^Actions on key/, 'Revoke access key'],
      [raises, 'Clear quota', 'Put back'],
      [raises, /^Keep value/, 'Keep value'],
      [accounts, 'Delete account', /^Actions on account/, 'Delete account'],
      ['kit/shortcuts-help', 'Keyboard shortcuts', { key: '?' }],
    ],
    ['pressure', [raises, 'Temporary raise', /^Actions on /, 'Put back or keep']],
    [
      'users',
      [`${changes}users/create-user`, 'Create user', 'Create user'],
      ['lists/list-page/views-menu', 'Save view', 'Views', 'Save this view'],
      [
        ...[`${changes}bulk/change-dialog`, 'Change 1 user'],
        ...[{ tick: 'Select this row' }, 'Change', 'Set quota'],
      ] as unknown as Opened,
    ],
    [
      `buckets/${bucket}`,
      [`${changes}buckets/remove-bucket`, 'Delete bucket', more, 'Delete bucket'],
    ],
    ['buckets', [`${pages}buckets/find-several-dialog`, 'Find several buckets', 'Find several']],
    ['keys', [`${changes}keys/new-campaign`, 'Start key campaign', 'Start key campaign']],
  ];
}

function ofChanges(of: Known): readonly OnPage[] {
  const [anchors, plan] = ['Anchors of the journal', 'Actions on the plan'];
  const quota = { fill: 'Quota in GB', with: '5' };
  return [
    [
      `journal?open=${of.journalId}`,
      [`${changes}operation/reverse-entry`, 'Enable user', 'Reverse'],
      [`${pages}journal/anchor-dialog`, 'Anchor journal', anchors, 'Anchor journal…'],
    ],
    [
      'overview',
      [`${changes}attention/thresholds-dialog`, /^Thresholds/, 'Thresholds'],
      [`${changes}attention/snooze-dialog`, 'Snooze signal', /^Snooze/],
      [`${changes}attention/signal-fixes`, 'Back up archive', /^Back up now:/],
    ],
    [
      `changes/plans/${of.planId}`,
      [`${pages}changes/kept-plan-page`, 'Name and note', plan, 'Name and note'],
      [`${pages}changes/kept-plan-page`, /^Delete plan/, plan, 'Delete plan'],
      [`${pages}changes/plan-row-actions`, 'Comment', /^Actions on Set quota/, 'Add comment'],
    ],
    [`changes/run/${of.runId}`, [`${pages}changes/start-dialog`, /^Disable/, /^Start 1 change/]],
    [`changes/run/${of.doneRunId}`, [`${pages}changes/reverse-dialog`, /^Reverse/, 'Reverse']],
    [
      'changes/new?from=filter',
      [`${changes}bulk/save-plan`, 'Save a change plan', quota, 'Save as a plan'],
      [`${changes}bulk/add-source`, 'Add to plan', 'Add to plan'],
    ],
    [
      `campaigns/${of.campaignId}`,
      [`${pages}campaigns/step-dialog`, /^Generate \d+ keys?$/, /^Generate \d+ keys?$/],
      [`${pages}campaigns/mark-dialogs`, 'Save campaign', 'Edit'],
      [`${pages}campaigns/mark-dialogs`, /^Skip: 1 key/, /^Actions on/, 'Skip'],
    ],
  ];
}

const usage = `${pages}usage/`;
const lastMonth = 'period=last-month';
const ofUsage: readonly OnPage[] = [
  [
    `usage?${lastMonth}`,
    [
      ...[`${usage}shared/export-dialog`, 'Export the report'],
      ...['Export this report', 'To a folder or bucket…'],
    ] as unknown as Opened,
  ],
  [
    'usage/coverage?period=last-30-days',
    [`${usage}coverage/state-service-dialog`, / as retired$/, 'Retired or idle service'],
    [`${usage}coverage/accept-gaps-dialog`, /^Accept/, /^Accept .*as silent$/],
  ],
  ['usage/gateway', [`${usage}gateway/remove-objects-dialog`, /^Delete \d+/, 'Delete archived']],
  [
    `usage/statements?${lastMonth}`,
    [`${usage}billing/issue-statement`, 'Issue statement', 'Issue statement'],
  ],
  ['usage/tariffs', [`${usage}billing/tariff-detail`, /^Retire tariff/, 'Standard', 'Retire']],
];

function ofCustomers(of: Known): readonly OnPage[] {
  const at = `${pages}customers/`;
  const bills = `${at}bills/`;
  return [
    [
      `customers/${of.customerId}`,
      [`${at}map-dialogs`, /^Map user/, 'Map user'],
      [`${at}cancel-customer`, /^Begin cancellation/, 'More actions', 'Cancel customer'],
      [`${at}mapped-user`, /^Write .* to WHMCS/, /^Write .* to WHMCS/],
      [`${at}map-dialogs`, /^Unmap user/, /^Unmap /],
      [`${at}customer-detail`, /^Assign plan to/, /^Assign plan to/],
    ],
    [
      'customers/checks',
      [`${at}mapping-checks`, 'Map users', 'Map all'],
      [`${at}map-dialogs`, /^Map /, /^Map to customer…/],
      [`${at}unpaid-check`, /^Mark as not billed/, /^Not billed…/],
    ],
    [
      `customers/plans?plan=${of.servicePlanId}`,
      [`${at}plans/plan-form`, 'New service plan', 'Create plan'],
      [`${at}plans/plans-page`, /^Assign plan/, 'Assign to user'],
      [`${at}plans/plans-page`, /^Retire plan/, 'Retire'],
    ],
    ['customers/drift', [`${at}plans/drift-actions`, /^Allow exception/, /^Exception… for /]],
    [
      `customers/statements?${billedMonth}`,
      [`${bills}issue-month-dialog`, /^Issue statements/, 'Issue month'],
      [`${bills}make-statement`, /^Statement for/, 'Make statement…'],
      [`${bills}add-items`, /^Add billable items/, /^C-/, 'Add billable items'],
    ],
    [`customers/invoices?${billedMonth}`, [`${bills}draft-dialog`, /^Draft 1/, /^Draft 1/]],
    [
      `customers/offboarding/${of.offboardingId}`,
      [`${at}offboarding-page`, 'Stop cancellation', 'Stop cancellation'],
      [`${at}cancellation-step`, /^Disable users/, /^Disable users/],
    ],
  ];
}

const connections = `${pages}connections/`;
const ofAll = 'More for all connections';
const ofConsole: readonly OnPage[] = [
  [
    '/connections',
    [`${connections}connection-test`, 'Test of Rack 1', 'Test'],
    [`${connections}field-pack-dialog`, 'Save field pack', 'More for Rack 1', 'Field pack…'],
    [`${connections}connections-page`, 'Remove connection', 'More for Rack 1', 'Remove'],
    [`${connections}billing-systems`, 'Remove billing system', 'Remove Billing'],
    [`${connections}test-all-dialog`, 'Test of all connections', ofAll, 'Test all'],
    [`${connections}move-connections`, 'Export connections', ofAll, 'Export to a file…'],
    [`${connections}move-connections`, 'Import connections', ofAll, 'Import from a file…'],
    [`${connections}open-pack-dialog`, 'Read field pack', ofAll, 'Open field pack…'],
    ['kit/components/enter-secret', 'Secret key of Bench', 'Enter it'],
  ],
  [
    '/settings',
    [`${usage}archive/merge-dialog`, /^Merge archive/, 'Merge archive'],
    [
      `${pages}customers/customer-file-section`,
      'Restore backup of customers',
      /^Restore customers-/,
    ],
  ],
];

/** How many dialogs a source has besides: what only comes of a failure, or is looked at in its own state. */
const besides: Readonly<Record<string, number>> = {
  // the frames of the others
  ...{ 'kit/components/confirm-dialog': 1, 'changes/operation/operation-dialog': 1 },
  // what is still read, and could not be read
  ...{ 'changes/attention/thresholds-dialog': 1, 'changes/keys/holder-first': 1 },
  ...{ 'changes/limits/edit-when-read': 1, 'changes/limits/temporary': 1 },
  ...{ 'changes/operation/found-pair': 1, 'changes/operation/reverse-entry': 1 },
  // the same question of something else
  ...{ 'changes/attention/signal-fixes': 1, 'changes/attention/snooze-dialog': 1 },
  ...{ 'changes/keys/key-dialogs': 1, 'lists/list-page/views-menu': 1 },
  ...{ 'pages/customers/cancellation-step': 2, 'pages/customers/mapped-user': 1 },
  ...{ 'pages/usage/gateway/remove-objects-dialog': 1 },
  // results
  ...{ 'pages/connections/move-connections': 1, 'pages/connections/open-pack-dialog': 1 },
  ...{ 'pages/journal/anchor-dialog': 1 },
  // in the looks of customers
  ...{ 'changes/statements/issued-statement': 1, 'pages/customers/bills/take-back': 1 },
  ...{ 'pages/customers/onboarding/write-again': 1 },
  // what a test of its own has to stage
  ...{ 'pages/connections/billing-form': 1, 'pages/connections/connection-form': 1 },
  ...{ 'pages/customers/onboarding/handover-all': 1, 'pages/customers/send-usage': 1 },
  ...{ 'pages/customers/shared/handover': 2, 'pages/settings/updates-section': 1 },
  ...{
    'pages/usage/archive/backups-list': 1,
    'pages/usage/archive/archive-of-cluster': 1,
    'pages/usage/coverage/accepted-table': 1,
  },
  ...{ 'pages/usage/coverage/conflicts': 1 },
};

/** Sources that draw more dialogs than are opened, in words: a new dialog is looked at too. */
export function unopened(opened: readonly Opened[]): string[] {
  const root = join(import.meta.dirname, '../../../src/renderer');
  return [...filesUnder(root)].flatMap(({ path, bytes }) => {
    const source = path.slice(root.length + 1).replace(/\.tsx?$/, '');
    const drawn = bytes.toString().match(/<(ConfirmDialog|Modal|OperationDialog)\b/g)?.length ?? 0;
    const known = opened.filter(([of]) => of === source).length + (besides[source] ?? 0);
    return known < drawn ? [`${source} draws ${drawn} dialogs, ${known} are known`] : [];
  });
}
