import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { NavLink, useLocation, useSearchParams } from 'react-router';
import { ReadingCommands } from '../../../changes/operation/planned-requests.tsx';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { BackLink, PageBar } from '../../../kit/components/page-bar.tsx';
import { TermHelp } from '../../../kit/components/term-help.tsx';
import { ClockScope } from '../../../kit/stores/clock.ts';
import type { TermName } from '../../../kit/terms.ts';
import { PeriodPicker } from '../period/period-picker.tsx';
import type { PeriodState } from '../period/use-period.ts';
import { CollectButton } from './collect-button.tsx';
import classes from './usage.module.css';

const parts = [
  { path: 'usage', label: 'Traffic', term: 'traffic' },
  { path: 'usage/coverage', label: 'Coverage', term: 'coverage' },
  { path: 'usage/storage', label: 'Storage', term: 'sample' },
  { path: 'usage/gateway', label: 'Pending on gateway', term: 'collection' },
  { path: 'usage/statements', label: 'Statements', term: 'statement' },
  { path: 'usage/issued', label: 'Issued', term: 'statement' },
  { path: 'usage/tariffs', label: 'Tariffs', term: 'statement' },
  { path: 'usage/collection', label: 'Collection', term: 'collection' },
] as const satisfies readonly { path: string; label: string; term: TermName }[];

/** Keeps the period of an address, the line of the statement that it is of, and the way back. */
function periodOnly(parameters: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of ['period', 'from', 'to', 'line', 'back']) {
    const value = parameters.get(name);
    if (value !== null) kept.set(name, value);
  }
  const text = kept.toString();
  return text === '' ? '' : `?${text}`;
}

const backWords = (path: string): string =>
  path.includes('/customers/offboarding/') ? 'Back to cancellation' : 'Back to statement';

/**
 * The Usage page around one of its parts: page bar with the collect button, the parts as tabs, the period.
 * @param props.period omitted where the part is about the present
 * @param props.hasList the part has a summary above a list: in a low window one of them is shown, so that
 *   no list scrolls within a page that scrolls. They are marked by `data-part`.
 */
export function UsageFrame(props: {
  period?: PeriodState;
  hasList?: boolean;
  children: ReactNode;
}) {
  const cluster = useCluster();
  const [parameters] = useSearchParams();
  const query = periodOnly(parameters);
  // from a statement whose line leads here, or from a cancellation that waits for hours
  const back = parameters.get('back');
  const { pathname } = useLocation();
  const [shown, setShown] = useState('summary');
  const part = parts.find(({ path }) => pathname === clusterPath(cluster.id, path));
  return (
    <ClockScope value={props.period?.ofBill ? 'utc' : null}>
      <div className={`oc-page ${classes.page}`} data-shows={props.hasList ? shown : undefined}>
        <PageBar
          title="Usage"
          before={back?.startsWith('/c/') && <BackLink to={back}>{backWords(back)}</BackLink>}
          primaryAction={
            <>
              <ReadingCommands of={{ list: 'usage' }} name="statistics" />
              <CollectButton />
            </>
          }
        />
        <div className={classes.tabs}>
          <nav aria-label="Parts of Usage" className={classes.tabList}>
            {parts.map(({ path, label }) => (
              <NavLink
                key={path}
                end
                to={`${clusterPath(cluster.id, path)}${query}`}
                className="oc-tab"
              >
                {label}
              </NavLink>
            ))}
            {part && <TermHelp term={part.term} />}
          </nav>
          {props.hasList && (
            <SegmentedControl
              className={classes.shown}
              size="xs"
              aria-label="Summary or list"
              data={[
                { value: 'summary', label: 'Summary' },
                { value: 'list', label: 'List' },
              ]}
              value={shown}
              onChange={setShown}
            />
          )}
          {props.period && <PeriodPicker period={props.period} />}
        </div>
        {props.children}
      </div>
    </ClockScope>
  );
}
