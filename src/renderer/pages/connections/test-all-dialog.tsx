import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { toAppError } from '#shared/errors.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import classes from './connections.module.css';

/** How many gateways are asked at the same time. */
const lanes = 4;

interface Outcome {
  ok: boolean;
  /** What failed, or what to know. */
  words: string;
}

/** Tests every saved connection and lists what each test found; closing cancels those under way. */
export function TestAllDialog({ onClose }: { onClose(): void }) {
  const connections = useCall('connections.list', {}).data ?? [];
  const saved = connections.filter(({ demo }) => !demo);
  const outcomes = useTests(saved);
  const failed = saved.filter(({ id }) => outcomes.get(id)?.ok === false).length;
  return (
    <Modal opened onClose={onClose} title="Test of all connections" size={640}>
      <p className="oc-flush" role="status">
        {outcomes.size} of {formatCounted(saved.length, 'connection')} tested, {failed} failed.
      </p>
      <table className={`${classes.table} ${classes.tested}`}>
        <tbody>
          {saved.map(({ id, name }) => {
            const outcome = outcomes.get(id);
            return (
              <tr key={id}>
                <td>{name}</td>
                <td>
                  {outcome ? (
                    <StateBadge tone={outcome.ok ? 'good' : 'bad'}>
                      {outcome.ok ? 'Passed' : 'Failed'}
                    </StateBadge>
                  ) : (
                    <span className="oc-dimmed">Testing …</span>
                  )}
                </td>
                <td className="oc-caption">{outcome?.words}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="oc-buttons">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  );
}

/** The outcomes so far, by connection. */
function useTests(saved: readonly Connection[]): ReadonlyMap<string, Outcome> {
  const call = useConsole();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const ids = saved.map(({ id }) => id).join();
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const waiting = ids.split(',').filter((id) => id !== '');
    const test = async (id: string): Promise<Outcome> => {
      try {
        const { ok, steps } = await call('connections.test', { id }, signal);
        const telling = steps.find(({ state }) => state === (ok ? 'caution' : 'failed'));
        return { ok, words: [telling?.detail, telling?.hint].filter(Boolean).join(' ') };
      } catch (thrown) {
        return { ok: false, words: toAppError(thrown).message };
      }
    };
    const lane = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const outcome = await test(id);
        if (signal.aborted) return;
        const tested = id;
        setOutcomes((before) => new Map(before).set(tested, outcome));
      }
    };
    for (let count = 0; count < lanes; count += 1) void lane();
    return () => ending.abort();
  }, [call, ids]);
  return outcomes;
}
