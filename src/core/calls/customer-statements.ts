import type { HandlersOf } from '#shared/contract/index.ts';
import { exportName } from '#shared/file-name.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { CustomerBills } from '../customers/bills.ts';
import type { CustomerRegister } from '../customers/customer-register.ts';
import type { EventBus } from '../platform/events.ts';
import { countLines, statementContent } from '../usage/billing/export-statement.ts';
import { deliverFile } from '../usage/export/deliver-file.ts';
import type { ClusterStatementHandlers } from './statements.ts';

/** Handlers of `statements.*`: of a customer where one is named or no cluster is, else of the cluster. */
export function statementsHandlers(options: {
  clusters: Clusters;
  events: EventBus;
  bills: CustomerBills;
  register: CustomerRegister;
  ofCluster: ClusterStatementHandlers;
}): HandlersOf<'statements'> {
  const { bills, register, ofCluster, events, clusters } = options;
  return {
    'statements.make': (input) =>
      'customerId' in input ? bills.make(input) : ofCluster['statements.make'](input),
    'statements.export': ofCluster['statements.export'],
    'statements.issue': async (input) => {
      if (!('customerId' in input) && 'connectionId' in input) {
        return ofCluster['statements.issue'](input);
      }
      const issued =
        'corrects' in input
          ? await register.correct(input.corrects, input.version)
          : await register.issue(input);
      events.emit('customers.changed', {});
      return issued;
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
    'statements.exportIssued': async (input, context) => {
      const { connectionId, statementId, format, destination } = input;
      if (connectionId !== undefined) {
        return ofCluster['statements.exportIssued']({ ...input, connectionId }, context);
      }
      const { issued, statement } = await register.get(statementId);
      const { number, state, from, to } = issued;
      const name = statement.customer?.name ?? null;
      const file = {
        fileName: exportName(
          ['statement', number, name, from.slice(0, 10), to.slice(0, 10), state],
          format,
        ),
        format,
        rows: countLines(statement),
        content: statementContent(statement, format, issued),
      };
      const cluster = await clusters.get(statement.clusters?.[0]?.connectionId ?? '');
      return deliverFile(file, destination, cluster, context.signal);
    },
  };
}
