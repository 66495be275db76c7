import type {
  CallContext,
  CallName,
  CallOutput,
  HandlersOf,
  ParsedInput,
} from '#shared/contract/index.ts';
import { type AppError, invalidInput } from '#shared/errors.ts';
import { whose } from '#shared/plain-text.ts';
import type { Archives, ClusterWork } from '../clusters/archives.ts';
import { statementFile } from '../usage/billing/export-statement.ts';
import {
  type ClusterStatementInput,
  makeStatement,
  type Statement,
} from '../usage/billing/statement.ts';
import {
  type Issued,
  type IssueInput,
  StatementRegister,
} from '../usage/billing/statement-register.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import { assertFinal } from '../usage/coverage/coverage-summary.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import { deliverFile } from '../usage/export/deliver-file.ts';

type TariffDependencies = Pick<ClusterWork, 'clusters' | 'archives' | 'events'>;

export interface ClusterStatementHandlers {
  'statements.make': (input: ClusterStatementInput) => Promise<Statement>;
  'statements.export': HandlersOf<'statements'>['statements.export'];
  'statements.issue': (input: IssueInput) => Promise<Issued>;
  'statements.issued': (
    input: OnCluster<'statements.issued'>,
  ) => Promise<CallOutput<'statements.issued'>>;
  'statements.get': (input: OnCluster<'statements.get'>) => Promise<CallOutput<'statements.get'>>;
  'statements.corrections': (
    input: OnCluster<'statements.corrections'>,
  ) => Promise<CallOutput<'statements.corrections'>>;
  'statements.exportIssued': (
    input: OnCluster<'statements.exportIssued'>,
    context: CallContext,
  ) => Promise<CallOutput<'statements.exportIssued'>>;
}

type OnCluster<Name extends CallName> = ParsedInput<Name> & { connectionId: string };

export function tariffHandlers({
  archives,
  events,
}: Pick<TariffDependencies, 'archives' | 'events'>): HandlersOf<'tariffs'> {
  const store = async (connectionId: string): Promise<TariffStore> =>
    new TariffStore(await archives.get(connectionId));
  return {
    'tariffs.list': async ({ connectionId }) => (await store(connectionId)).list(),
    'tariffs.get': async ({ connectionId, tariffId, version }) =>
      (await store(connectionId)).get(tariffId, version ?? null),
    'tariffs.versions': async ({ connectionId, tariffId }) =>
      (await store(connectionId)).versions(tariffId),
    'tariffs.save': async ({ connectionId, tariffId, tariff }) => {
      const saved = await (await store(connectionId)).save(tariffId, tariff);
      events.emit('data.changed', { connectionId, topics: ['tariffs'] });
      return saved;
    },
    'tariffs.retire': async ({ connectionId, tariffId }) => {
      await (await store(connectionId)).retire(tariffId);
      events.emit('data.changed', { connectionId, topics: ['tariffs'] });
      return null;
    },
  };
}

export function clusterStatementHandlers(
  dependencies: TariffDependencies,
): ClusterStatementHandlers {
  const { clusters, archives } = dependencies;
  return {
    'statements.make': (input) => bill(archives, input),
    'statements.export': async ({ format, destination, ...input }, { signal }) => {
      const cluster = await clusters.get(input.connectionId);
      const statement = await bill(archives, input);
      const about = {
        clusterName: cluster.connection.name,
        whose: whoseStatement(input, statement),
      };
      return deliverFile(statementFile(statement, format, about), destination, cluster, signal);
    },
    ...registerHandlers(dependencies),
  };
}

type RegisterCalls =
  | 'statements.issue'
  | 'statements.issued'
  | 'statements.get'
  | 'statements.corrections'
  | 'statements.exportIssued';

function registerHandlers({
  clusters,
  archives,
  events,
}: TariffDependencies): Pick<ClusterStatementHandlers, RegisterCalls> {
  const register = async (connectionId: string): Promise<StatementRegister> => {
    const { connection } = await clusters.get(connectionId);
    return new StatementRegister(await archives.get(connectionId), connection);
  };
  return {
    'statements.issue': async (input) => {
      const { connectionId } = input;
      const issued = await (await register(connectionId)).issue(input);
      events.emit('data.changed', { connectionId, topics: ['statements', 'journal'] });
      return issued;
    },
    'statements.issued': async ({ connectionId, ...page }) =>
      (await register(connectionId)).list(page),
    'statements.get': async ({ connectionId, statementId }) =>
      (await register(connectionId)).get(statementId),
    'statements.corrections': async ({ connectionId, statementId }) =>
      (await register(connectionId)).corrections(statementId),
    'statements.exportIssued': async (
      { connectionId, statementId, format, destination },
      context,
    ) => {
      const { issued, statement } = await (await register(connectionId)).get(statementId);
      if (format === 'pdf') throw noPdf();
      const cluster = await clusters.get(connectionId);
      const about = {
        clusterName: cluster.connection.name,
        whose: whoseIssued(issued, statement),
        issued,
      };
      const file = statementFile(statement, format, about);
      return deliverFile(file, destination, cluster, context.signal);
    },
  };
}

async function bill(
  archives: Archives,
  { connectionId, tariffId, version, userIds, requireFinal, ...period }: ClusterStatementInput,
): Promise<Statement> {
  const archive = await archives.get(connectionId);
  const tariff = await new TariffStore(archive).get(tariffId, version ?? null);
  const statement = await makeStatement(archive, tariff, hoursOf(period), userIds ?? null);
  if (requireFinal) assertFinal(statement.coverage, statement.reasons);
  return statement;
}

/** Returns the users of a statement for its file name; nothing if it covers all. */
function whoseStatement(
  { userIds }: Pick<ClusterStatementInput, 'userIds'>,
  { users }: Statement,
): string | null {
  const emails = new Map(users.map(({ userId, email }) => [userId, email]));
  return whose(userIds?.map((id) => emails.get(id) || id));
}

/** The register lists only the first users; beyond those the number is unknown. */
function whoseIssued(
  { userIds }: CallOutput<'statements.issue'>,
  statement: Statement,
): string | null {
  const all = userIds !== null && userIds.length < 100 ? userIds : null;
  if (userIds !== null && all === null) return 'some-users';
  return whoseStatement(all === null ? {} : { userIds: all }, statement);
}

function noPdf(): AppError {
  return invalidInput(
    'PDFs are made of customers\u2019 statements: this one is of the users of a cluster.',
    'Map the users to a customer and issue its statement, or export CSV or JSON.',
  );
}
