import { periodFileName } from '#shared/billing/period.ts';
import type { HandlersOf } from '#shared/contract/index.ts';
import { type AppError, invalidInput, notFound } from '#shared/errors.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { CustomerBills } from '../customers/bills.ts';
import { findElsewhere } from '../customers/charged-elsewhere.ts';
import type { CustomerRegister } from '../customers/customer-register.ts';
import type { StatementFiles } from '../customers/documents/statement-files.ts';
import type { MonthStatements } from '../customers/month-statements.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';
import type { TakeBacks } from '../customers/take-backs.ts';
import type { EventBus } from '../platform/events.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import { deliverFile } from '../usage/export/deliver-file.ts';
import type { ClusterStatementHandlers } from './statements.ts';

/** Handlers of `statements.*`: of a customer where one is named or no cluster is, else of the cluster. */
export function statementsHandlers(options: {
  clusters: Clusters;
  archives: Archives;
  events: EventBus;
  bills: CustomerBills;
  register: CustomerRegister;
  files: StatementFiles;
  month: MonthStatements;
  takeBacks: TakeBacks;
  store: CustomerStore;
  ofCluster: ClusterStatementHandlers;
}): HandlersOf<'statements'> {
  const { bills, register, files, ofCluster, events, clusters } = options;
  const decided = async (deciding: Promise<Statement>): Promise<Statement> => {
    const statement = await deciding;
    events.emit('customers.changed', {});
    return statement;
  };
  return {
    'statements.make': (input) =>
      'customerId' in input ? bills.make(input) : ofCluster['statements.make'](input),
    'statements.acceptHeld': (input) => decided(bills.acceptHeld(input)),
    'statements.withdrawHeld': (input) => decided(bills.withdrawHeld(input)),
    'statements.export': ofCluster['statements.export'],
    'statements.issue': async (input) => {
      if (!('customerId' in input) && 'connectionId' in input) {
        return ofCluster['statements.issue'](input);
      }
      const issued =
        'corrects' in input
          ? await register.correct(input.corrects, input.version)
          : await register.issue(input);
      options.month.noteIssued(issued);
      events.emit('customers.changed', {});
      return issued;
    },
    'statements.issueAll': async (input) => options.month.start(input),
    'statements.previewAll': (input, { signal }) => options.month.preview(input, signal),
    'statements.toIssue': (input) => options.month.toIssue(input),
    'statements.chargedElsewhere': ({ from, to, ...charges }) =>
      findElsewhere(options, [charges], hoursOf({ from, to })),
    'statements.payers': async ({ connectionId, userIds = null, ...period }) => {
      await clusters.get(connectionId);
      return options.store.ask('payers', { connectionId, userIds, ...hoursOf(period) });
    },
    'statements.issued': (input) =>
      'connectionId' in input ? ofCluster['statements.issued'](input) : register.list(input),
    'statements.get': ({ connectionId, statementId }) =>
      connectionId === undefined
        ? register.get(statementId)
        : ofCluster['statements.get']({ connectionId, statementId }),
    'statements.corrections': ({ connectionId, statementId }) =>
      connectionId === undefined
        ? register.corrections(statementId)
        : ofCluster['statements.corrections']({ connectionId, statementId }),
    'statements.previewTakeBack': (input) => options.takeBacks.preview(input),
    'statements.takeBack': (input) => options.takeBacks.takeBack(input),
    'statements.exportIssued': async (input, context) => {
      const { connectionId, statementId, format, destination } = input;
      if (connectionId !== undefined) {
        return ofCluster['statements.exportIssued']({ ...input, connectionId }, context);
      }
      const kept = await register.get(statementId);
      const file = { ...(await files.make(kept, format)), format };
      const [first] = kept.statement.clusters ?? [];
      const cluster = destination?.to === 'bucket' && first ? first.connectionId : null;
      const into = cluster === null ? null : await clusters.get(cluster);
      return deliverFile(file, destination, into, context.signal);
    },
    'statements.exportAll': async (input, { signal }) => {
      const { billingId, formats, destination, ...period } = input;
      const statementIds = await register.ofPeriod(period, billingId);
      if (statementIds.length === 0) throw noneIssued();
      if (!destination && statementIds.length > mostAtOnce) throw tooMany(statementIds.length);
      const name = `statements-${periodFileName(period)}`;
      const file = files.zip({ name, statementIds, formats, signal });
      return deliverFile({ ...file, format: 'zip' }, destination, null, signal);
    },
  };
}

const mostAtOnce = 500;

function noneIssued(): AppError {
  return notFound(
    'No statement of a customer is issued for this period.',
    'Issue the statements of the month first, on the page Statements or with "npm run bill".',
  );
}

function tooMany(count: number): AppError {
  return invalidInput(
    `${count} statements are too many for one download.`,
    'Name a folder to write the zip to.',
  );
}
