import { Button, Modal, Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import { customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import type { Call } from '../../../kit/rpc/client.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from '../customers.module.css';
import type { Month } from './months.ts';

interface Refusal {
  customerId: string;
  name: string;
  words: string;
}

interface Progressed {
  total: number | null;
  issued: number;
  refused: Refusal[];
}

const atOnce = 25;
const pageSize = 1000;

/** Issues the final statement of every customer with users; doing it again issues none twice. */
async function issueAll(
  call: Call,
  { from, to }: Month,
  tell: (progress: Progressed) => void,
  signal: AbortSignal,
): Promise<void> {
  const customers: { customerId: string; company: string; name: string }[] = [];
  for (;;) {
    const page = { offset: customers.length, limit: pageSize, filter: { users: 'some' as const } };
    const { rows } = await call('customers.list', page);
    customers.push(...rows);
    if (rows.length < pageSize) break;
  }
  const progress: Progressed = { total: customers.length, issued: 0, refused: [] };
  for (let start = 0; start < customers.length && !signal.aborted; start += atOnce) {
    await Promise.all(
      customers.slice(start, start + atOnce).map(async ({ customerId, company, name }) => {
        try {
          await call('statements.issue', { customerId, from, to, requireFinal: true });
          progress.issued += 1;
        } catch (thrown) {
          const { message } = toAppError(thrown);
          progress.refused.push({ customerId, name: company || name, words: message });
        }
      }),
    );
    tell({ ...progress });
  }
  tell({ ...progress });
}

/** Shows how far issuing a month is, and who was refused and why. */
export function IssueMonth({ month, onClose }: { month: Month; onClose(): void }) {
  const call = useConsole();
  const cluster = useCluster();
  const [progress, setProgress] = useState<Progressed>({ total: null, issued: 0, refused: [] });
  const [failure, setFailure] = useState<string | null>(null);
  const started = useRef(false);
  const abort = useRef(new AbortController());
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    issueAll(call, month, setProgress, abort.current.signal).catch((thrown) =>
      setFailure(toAppError(thrown).message),
    );
  }, [call, month]);
  const { total, issued, refused } = progress;
  const done = issued + refused.length;
  const ended = failure !== null || (total !== null && done >= total);
  const close = () => {
    abort.current.abort();
    onClose();
  };
  return (
    <Modal
      opened
      size={560}
      onClose={close}
      title={`Final statements of ${month.label}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.form}>
        <Progress
          value={total === null ? 0 : total === 0 ? 100 : (100 * done) / total}
          aria-label="Customers"
        />
        <p className={classes.paragraph} role="status">
          {total === null
            ? 'Reading customers…'
            : `${formatCounted(issued, 'statement')} issued, ${refused.length} refused, of ${formatCounted(total, 'customer')}.`}
        </p>
        {failure !== null && <p role="alert">{failure}</p>}
        {refused.length > 0 && (
          <ul className={classes.reasons} aria-label="Refused">
            {refused.slice(0, 100).map(({ customerId, name, words }) => (
              <li key={customerId}>
                <Link to={customerPath(cluster.id, customerId)} onClick={close}>
                  {name}
                </Link>
                : {words}
              </li>
            ))}
          </ul>
        )}
        <div className={classes.buttons}>
          <Button variant={ended ? 'filled' : 'default'} onClick={close}>
            {ended ? 'Done' : 'Stop'}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
