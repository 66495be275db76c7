import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { plainRowMenu } from '../../changes/operation/row-actions.tsx';
import { userPath } from '../../kit/addresses.ts';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { type PlainColumn, PlainTable } from '../../kit/components/plain-table.tsx';
import { ShowMore } from '../../kit/components/show-more.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useUnread } from './shared/billing-freshness.tsx';
import classes from './shared/customers.module.css';

type CheckCall =
  | 'customers.suggestions'
  | 'customers.shared'
  | 'customers.unpaid'
  | 'customers.unused'
  | 'customers.suspensionDrift';
export type Row<Name extends CheckCall> = CallOutput<Name>['rows'][number];

const firstRows = 25;
const moreRows = 250;

/** One comparison of billing systems with clusters: rows, their number, and actions. */
export function Check<Name extends CheckCall>(props: {
  call: Name;
  /** What of it is meant, besides the page. */
  input?: Omit<CallInput<Name>, 'offset' | 'limit'>;
  title: string;
  /** What is true where there is no row, once every billing system was read. */
  none: string | ((value: CallOutput<Name>) => string);
  rowKey(row: Row<Name>): string;
  columns(value: CallOutput<Name>): readonly PlainColumn<Row<Name>>[];
  menu?: ReturnType<typeof plainRowMenu<Row<Name>>>;
  facts?: (value: CallOutput<Name>, isUnread: boolean) => ReactNode;
  /** How many of the rows want something; otherwise all of them. */
  count?: (value: CallOutput<Name>) => number;
  /** What is no mismatch and yet to be known. */
  remark?: (value: CallOutput<Name>) => ReactNode;
  /** What was just done here. */
  note?: ReactNode;
}) {
  const [limit, setLimit] = useState(firstRows);
  const query = useCall(
    props.call as 'customers.suggestions',
    { ...props.input, limit },
    { keepPrevious: true },
  );
  const value = query.data as unknown as CallOutput<Name> | undefined;
  const rows = (value?.rows ?? []) as Row<Name>[];
  const billing = useCall('billing.list', {});
  // nothing can be concluded of what was not read
  const unread = useUnread();
  const { none } = props;
  return (
    <section className={classes.check} aria-label={props.title}>
      <div className={classes.checkHead}>
        <h2 className="oc-heading">{props.title}</h2>
        {value && (value.total > 0 || unread === null) && (
          <span className="oc-dimmed oc-number">
            {formatCount(props.count?.(value) ?? value.total)}
          </span>
        )}
        {value && props.facts?.(value, unread !== null)}
      </div>
      {props.note}
      <CallError call={query} />
      {!value && !query.error && <p className="oc-dimmed">Comparing…</p>}
      {value && unread !== null && (
        <p className="oc-dimmed">
          {value.total === 0 ? 'Not compared yet' : 'Not complete'}: {unread}
        </p>
      )}
      {value?.total === 0 && unread === null && !billing.isPending && (
        <p className="oc-dimmed">{typeof none === 'string' ? none : none(value)}</p>
      )}
      {value && props.remark?.(value)}
      {value && rows.length > 0 && (
        <PlainTable
          stacks
          rows={rows}
          rowKey={props.rowKey}
          columns={props.columns(value)}
          {...(props.menu ? { menu: props.menu } : {})}
        />
      )}
      <ShowMore
        {...{ shown: rows.length, total: value?.total ?? 0, step: moreRows, onLimit: setLimit }}
        rest="The others are listed once some of these are settled."
      />
    </section>
  );
}

export function userLink(row: { connectionId: string; userId: string; email: string }) {
  return <Link to={userPath(row.connectionId, row.userId)}>{row.email || row.userId}</Link>;
}

export const userKey = (row: { connectionId: string; userId: string }): string =>
  `${row.connectionId}/${row.userId}`;
