import { Button, Textarea, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck, IconDownload, IconTable } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { toCsv } from '#shared/csv.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { FileDrop, type OpenedFile, OpenFileButton } from '../../changes/bulk/open-file.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { useArrivedFile } from '../../kit/components/read-text-file.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import { PrepareActions } from './prepare-actions.tsx';

const shownErrors = 200;

/** Changes from a table: pasted, typed or opened; what is wrong is listed next to the text. */
export function TableSource() {
  const [text, setText] = useState('');
  const [fileName, setFileName] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { table, error, current } = useParsedTable(text);
  const open = ({ name, text: content, encoding }: OpenedFile) => {
    setFileName(encoding === 'UTF-8' ? name : `${name}, read as ${encoding}`);
    setText(content);
  };
  useArrivedFile('table', open);
  const goTo = (line: number) => {
    const area = field.current;
    if (!area) return;
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    area.scrollTop = Math.max(0, (line - 4) * (area.scrollHeight / Math.max(1, lines.length)));
  };
  const ready = table !== null && current && table.changes > 0;
  return (
    <>
      <div className={classes.tableTools}>
        <OpenFileButton label="Open a CSV file" accept=".csv,.tsv,.txt,text/csv" onOpen={open} />
        <TemplateButton />
        <span className="oc-faint oc-truncate">{fileName ?? 'or drop it on the text'}</span>
      </div>
      <div className={classes.tableColumns}>
        <div className="oc-form">
          <FileDrop onOpen={open}>
            <Textarea
              ref={field}
              label="Table"
              description="The first line names the columns; email, id or bucket names the targets."
              placeholder={'email,quota_gb\nuser@example.com,1024'}
              value={text}
              spellCheck={false}
              classNames={{ input: classes.tableInput ?? '' }}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setFileName(null);
              }}
            />
          </FileDrop>
          <PrepareActions
            source={ready ? { from: 'csv', text } : null}
            verb={ready ? previewVerb(table) : 'Preview'}
          />
        </div>
        <aside
          className={classes.tableFindings}
          aria-label="What the table says"
          aria-live="polite"
        >
          {error && <ErrorPanel error={error} compact />}
          {table && text.trim() !== '' && (
            <>
              <Findings table={table} onLine={goTo} />
              {table.ignored.length > 0 && (
                <p className="oc-hint">Ignored columns: {table.ignored.join(', ')}.</p>
              )}
            </>
          )}
          {text.trim() === '' && <Columns />}
        </aside>
      </div>
    </>
  );
}

function previewVerb({ changes, badLines }: ParsedTable): string {
  const verb = `Preview ${formatCounted(changes, 'change')}`;
  return badLines === 0 ? verb : `${verb} without ${formatCounted(badLines, 'bad line')}`;
}

function Findings({ table, onLine }: { table: ParsedTable; onLine(line: number): void }) {
  return (
    <>
      {table.errors.length > 0 && <Errors table={table} onLine={onLine} />}
      {(table.errors.length === 0 || table.changes > 0) && <Changes table={table} />}
    </>
  );
}

function Errors({ table, onLine }: { table: ParsedTable; onLine(line: number): void }) {
  const { errors, badLines, changes } = table;
  return (
    <>
      <StateBadge tone="bad">{formatCounted(errors.length, 'error')}</StateBadge>
      {changes > 0 && (
        <p className="oc-hint">
          {formatCounted(badLines, 'line is', 'lines are')} skipped, and named in the preview and in
          the run. Correct {agreeing(badLines, 'it', 'them')}, or preview the other lines.
        </p>
      )}
      <ul className={classes.tableErrors}>
        {errors.slice(0, shownErrors).map(({ line, column, message }) => (
          <li key={`${line} ${column} ${message}`}>
            <UnstyledButton className={classes.place} onClick={() => onLine(line)}>
              Line {line} {column !== '' && <span className="oc-mono">{column}</span>}
            </UnstyledButton>
            <span>{message}</span>
          </li>
        ))}
        {errors.length > shownErrors && (
          <li className="oc-dimmed">and {formatCount(errors.length - shownErrors)} more</li>
        )}
      </ul>
    </>
  );
}

function Changes({ table: { lines, badLines, changes, sample } }: { table: ParsedTable }) {
  if (changes === 0) {
    return (
      <p className="oc-hint">
        {formatCounted(lines, 'line')}, and none of them changes anything: no cell but the target is
        filled.
      </p>
    );
  }
  return (
    <>
      <StateBadge tone="good" icon={IconCircleCheck}>
        {`${formatCounted(changes, 'change')} in ${formatCounted(lines - badLines, 'line')}`}
      </StateBadge>
      <ul className={classes.sample}>
        {sample.slice(0, 12).map(({ line, target, values, operation }) => (
          <li key={`${line} ${operation}`}>
            <span className="oc-faint oc-number">{line}</span>
            <span className="oc-truncate" title={target.id}>
              {target.name}
            </span>
            <span className="oc-dimmed">{values}</span>
          </li>
        ))}
        {changes > 12 && <li className="oc-dimmed">and {formatCount(changes - 12)} more</li>}
      </ul>
    </>
  );
}

function Columns() {
  const columns = useCall('bulk.columns', {}).data ?? [];
  return (
    <>
      <div className={classes.columnsTitle}>
        <IconTable size={15} aria-hidden /> Columns a table may have
      </div>
      <dl className={classes.columnsHelp}>
        {columns.map(({ column, label, example }) => (
          <div key={column}>
            <dt className="oc-mono">{column}</dt>
            <dd>
              {label} <span className="oc-faint">e.g. {example}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="oc-hint">
        An empty cell leaves that value as it is. Commas, semicolons and tabs all do.
      </p>
    </>
  );
}

function TemplateButton() {
  const columns = useCall('bulk.columns', {}).data ?? [];
  const named = columns.filter(({ column }) => !['id', 'bucket', 'limits'].includes(column));
  const save = () =>
    downloadFile(
      'bulk-change-template.csv',
      toCsv({
        columns: named.map(({ column }) => column),
        rows: [
          named.map(({ column, example }) => (column === 'create_user' ? '' : example)),
          // a line that creates a user does nothing else
          named.map(({ column, example }) =>
            column === 'email' ? `new.${example}` : column === 'create_user' ? example : '',
          ),
        ],
      }),
      'text/csv;charset=utf-8',
    );
  return (
    <Button
      variant="subtle"
      color="gray"
      leftSection={<IconDownload size={15} />}
      disabled={named.length === 0}
      onClick={save}
    >
      Template
    </Button>
  );
}

type ParsedTable = CallOutput<'bulk.parse'>;

interface Known {
  text: string;
  table: ParsedTable | null;
  error: AppError | null;
}

const pause = 350;
const nothing: Known = { text: '', table: null, error: null };

/**
 * What core makes of a table's text, again after each pause in typing. Nothing is cached.
 * @returns `current`: whether it is of the text as it is now
 */
function useParsedTable(text: string) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [known, setKnown] = useState<Known>(nothing);
  const [typed] = useDebouncedValue(text, pause);
  useEffect(() => {
    if (typed.trim() === '') {
      setKnown({ ...nothing, text: typed });
      return;
    }
    const abort = new AbortController();
    const parse = async () => {
      try {
        const table = await call('bulk.parse', { connectionId, text: typed }, abort.signal);
        if (!abort.signal.aborted) setKnown({ text: typed, table, error: null });
      } catch (thrown) {
        const error = toAppError(thrown);
        if (!abort.signal.aborted) setKnown({ text: typed, table: null, error });
      }
    };
    void parse();
    return () => abort.abort();
  }, [typed, call, connectionId]);
  return { table: known.table, error: known.error, current: known.text === text };
}
