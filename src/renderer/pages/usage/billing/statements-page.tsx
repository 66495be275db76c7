import { Button, MultiSelect, Select } from '@mantine/core';
import { IconLock, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { userWords } from '../../../kit/components/format.ts';
import { useFound } from '../../../kit/components/search-select.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { useDelayed } from '../../../kit/timers.ts';
import { ExportMenu, exportFormats, toElsewhere } from '../../../lists/list-page/export-menu.tsx';
import type { Span } from '../period/period.ts';
import { type PeriodState, usePeriod } from '../period/use-period.ts';
import { ExportDialog } from '../shared/export-dialog.tsx';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { WithArchive } from '../shared/with-archive.tsx';
import classes from './billing.module.css';
import { IssueButton } from './issue-statement.tsx';
import { ByUserNote } from './payers.tsx';
import type { ClusterStatementInput, Statement } from './statement-columns.tsx';
import { StatementView } from './statement-view.tsx';
import type { Tariff } from './tariff-values.ts';

/** Bills: a tariff applied to a period and a set of users. */
export function StatementsPage() {
  const period = usePeriod('last-month', { bill: true });
  const cluster = useCluster();
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id });
  return (
    <UsageFrame period={period}>
      <ByUserNote />
      <WithArchive period={period} needsStatistics={false}>
        {(span) =>
          tariffs.error ? (
            <div className="oc-state">
              <CallError call={tariffs} />
            </div>
          ) : tariffs.data && tariffs.data.length === 0 ? (
            <NoTariff />
          ) : tariffs.data ? (
            <Body tariffs={tariffs.data} period={period} span={span} />
          ) : (
            <div className="oc-state" aria-busy="true" />
          )
        }
      </WithArchive>
    </UsageFrame>
  );
}

function NoTariff() {
  const cluster = useCluster();
  return (
    <div className="oc-state">
      <EmptyState
        icon={IconReceipt}
        title="No tariff yet"
        action={
          <Button component={Link} to={clusterPath(cluster.id, 'usage/tariffs')}>
            Create a tariff
          </Button>
        }
      >
        A statement applies a tariff to what is archived of a period. There is none on this cluster
        yet.
      </EmptyState>
    </div>
  );
}

function Body(props: { tariffs: readonly Tariff[]; period: PeriodState; span: Span }) {
  const { tariffs, period, span } = props;
  const cluster = useCluster();
  const [parameters, setParameters] = useSearchParams();
  const tariff =
    tariffs.find(({ tariffId }) => tariffId === parameters.get('tariff')) ?? tariffs[0];
  const users = parameters.getAll('for');
  const set = (name: string, values: readonly string[]) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      next.delete(name);
      next.delete('open');
      for (const value of values) next.append(name, value);
      return next;
    });
  const input = {
    connectionId: cluster.id,
    tariffId: tariff?.tariffId ?? '',
    from: span.from,
    to: span.to,
    ...(users.length === 0 ? {} : { userIds: users }),
  };
  const query = useCall('statements.make', input, {
    enabled: tariff !== undefined,
    keepPrevious: true,
  });
  const slow = useDelayed(query.isFetching, 400);
  return (
    <>
      <div className={classes.toolbar}>
        <Select
          aria-label="Tariff"
          w={240}
          data={tariffs.map(({ tariffId, name, version }) => ({
            value: tariffId,
            label: `${name}, version ${version}`,
          }))}
          value={tariff?.tariffId ?? null}
          onChange={(value) => set('tariff', value === null ? [] : [value])}
        />
        <UsersFilter users={users} onChange={(selected) => set('for', selected)} />
        <span className="oc-space" />
        {slow && <span className="oc-dimmed">Reckoning…</span>}
        {query.data && <IssueButton input={input} statement={query.data} />}
        {query.data && <StatementExport input={input} statement={query.data} />}
      </div>
      {query.error ? (
        <div className="oc-state">
          <CallError call={query} />
        </div>
      ) : query.data ? (
        <StatementView statement={query.data} words={period.words} since={period.beginsWithin} />
      ) : (
        <div className="oc-state" aria-busy="true" />
      )}
    </>
  );
}

const offered = 30;

/** Selects the users of a statement; none selected means all. */
function UsersFilter(props: {
  users: readonly string[];
  onChange(users: readonly string[]): void;
}) {
  const cluster = useCluster();
  const [search, setSearch] = useState('');
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const { found, instead } = useFound('users.list', search.trim(), (words) => ({
    connectionId: cluster.id,
    ...(words === '' ? {} : { search: words }),
    sort: { by: 'email', descending: false },
    offset: 0,
    limit: offered,
  }));
  const options = new Map(props.users.map((userId) => [userId, names.get(userId) ?? userId]));
  for (const { userId, email } of found?.rows ?? []) options.set(userId, userWords(email, userId));
  return (
    <MultiSelect
      aria-label="Users"
      placeholder={props.users.length === 0 ? 'Everyone' : ''}
      w={320}
      classNames={{ input: classes.usersInput ?? '' }}
      searchable
      clearable
      data={[...options].map(([value, label]) => ({ value, label }))}
      // What the cluster found is what is offered: it searches e-mails and ids alike.
      filter={({ options: all }) => (found ? all : [])}
      value={[...props.users]}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(users) => {
        setNames(new Map([...names, ...options]));
        props.onChange(users);
      }}
      nothingFoundMessage={instead}
      maxDropdownHeight={280}
    />
  );
}

/** Exports a statement; one that is not final has “draft” in its file name. */
function StatementExport(props: { input: ClusterStatementInput; statement: Statement }) {
  const { input, statement } = props;
  const call = useConsole();
  const isFinal = statement.state === 'final';
  if (statement.state === 'no-data') return null;
  const elsewhere = () =>
    openDialog((close) => (
      <ExportDialog
        what={isFinal ? 'final statement' : 'draft of the statement'}
        run={(format, destination) =>
          call('statements.export', { ...input, format, destination, requireFinal: isFinal })
        }
        onClose={close}
      />
    ));
  return (
    <ExportMenu
      label={isFinal ? 'Export final statement' : 'Export draft'}
      variant={isFinal ? 'filled' : 'default'}
      heading={
        !isFinal && (
          <span className={classes.notFinal}>
            <IconLock size={13} aria-hidden /> It can’t be final yet: {statement.reasons[0]}
          </span>
        )
      }
      formats={exportFormats}
      counts="line"
      run={(format) => call('statements.export', { ...input, format, requireFinal: isFinal })}
      further={[toElsewhere(elsewhere)]}
    />
  );
}
