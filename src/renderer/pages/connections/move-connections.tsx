import { ActionIcon, Button, FileInput, Menu, Modal, PasswordInput, Switch } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { type ConnectionsState, clusterPath } from '../../kit/addresses.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { type OpenedFile, useArrivedFile } from '../../kit/components/read-text-file.ts';
import { ticked, typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import classes from './connections.module.css';
import { OpenPackDialog } from './open-pack-dialog.tsx';
import { TestAllDialog } from './test-all-dialog.tsx';

const leastPassphrase = 12;

/** Actions on all connections: moving them to another workstation, and testing them. */
export function ConnectionsMenu({ count }: { count: number }) {
  const [open, setOpen] = useState<'export' | 'import' | 'test' | 'pack' | null>(null);
  const [pack, setPack] = useState<{ file: OpenedFile | null; turn: number }>({
    file: null,
    turn: 0,
  });
  const close = () => {
    setOpen(null);
    setPack(({ turn }) => ({ file: null, turn }));
  };
  const call = useConsole();
  const navigate = useNavigate();
  useArrivedFile('pack', (file) => {
    setPack(({ turn }) => ({ file, turn: turn + 1 }));
    setOpen('pack');
  });
  const { state } = useLocation();
  useEffect(() => {
    if ((state as ConnectionsState | null)?.openPack !== true) return;
    setOpen('pack');
    navigate('.', { replace: true, state: null });
  }, [state, navigate]);
  const { run } = useAction(showFailure);
  const openDemo = () =>
    run(async () => {
      const { id } = await call('connections.openDemo', {});
      navigate(clusterPath(id, 'overview'));
    });
  const none = count === 0 ? 'There is no connection yet.' : null;
  const items = useMenuEntries([
    { label: 'Test all', verb: 'Test all connections', reason: none, start: () => setOpen('test') },
    {
      ...{ label: 'Export to a file…', verb: 'Export connections to a file', reason: none },
      start: () => setOpen('export'),
    },
    {
      ...{ label: 'Import from a file…', verb: 'Import connections from a file' },
      start: () => setOpen('import'),
    },
    { label: 'Open field pack…', start: () => setOpen('pack') },
    { label: 'Open the demo cluster', start: () => void openDemo() },
  ]);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={30} variant="default" aria-label="More for all connections">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>{items}</Menu.Dropdown>
      </Menu>
      {open === 'export' && <ExportDialog onClose={close} />}
      {open === 'import' && <ImportDialog onClose={close} />}
      {open === 'pack' && <OpenPackDialog key={pack.turn} file={pack.file} onClose={close} />}
      {open === 'test' && <TestAllDialog onClose={close} />}
    </>
  );
}

function ExportDialog({ onClose }: { onClose(): void }) {
  const call = useConsole();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [withSecrets, setWithSecrets] = useState(false);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const differs = repeated !== '' && repeated !== passphrase;
  const save = async () => {
    const file = await call('connections.export', { passphrase, withSecrets });
    downloadFile(file.fileName, file.content, file.mediaType);
    if (file.withoutSecret.length === 0) onClose();
    else setMissing(file.withoutSecret);
  };
  if (missing.length > 0) {
    return (
      <ResultDialog title="Connections exported" onClose={onClose}>
        The file is saved. The secrets of {missing.join(', ')} can’t be read now and are not in it.
      </ResultDialog>
    );
  }
  return (
    <ConfirmDialog
      verb="Export connections"
      disabled={passphrase.length < leastPassphrase || repeated !== passphrase}
      closeWhenDone={false}
      onConfirm={save}
      onClose={onClose}
    >
      <p className="oc-flush">
        All saved connections with their guards, in a file that the passphrase encrypts. Whoever has
        the file and the passphrase has what is in it.
      </p>
      <PasswordInput
        label="Passphrase"
        description={`${leastPassphrase} characters or more; it is kept nowhere.`}
        {...typed(passphrase, setPassphrase)}
        data-autofocus
        autoComplete="off"
      />
      <PasswordInput
        label="Passphrase, repeated"
        {...typed(repeated, setRepeated)}
        error={differs ? 'The two differ.' : null}
        autoComplete="off"
      />
      <Switch
        label="Secret keys and passwords of proxies too"
        {...ticked(withSecrets, setWithSecrets)}
      />
    </ConfirmDialog>
  );
}

function ImportDialog({ onClose }: { onClose(): void }) {
  const call = useConsole();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [result, setResult] = useState<CallOutput<'connections.import'> | null>(null);
  const read = async () => {
    if (!file) return;
    setResult(await call('connections.import', { content: await file.text(), passphrase }));
  };
  if (result) return <Imported result={result} onClose={onClose} />;
  return (
    <ConfirmDialog
      verb="Import connections"
      disabled={!file || passphrase.length < leastPassphrase}
      closeWhenDone={false}
      onConfirm={read}
      onClose={onClose}
    >
      <p className="oc-flush">
        Adds the connections of a file that this console exported elsewhere. Connections whose name
        is taken stay as they are here.
      </p>
      <FileInput
        label="File"
        placeholder="Select a file"
        accept=".ostorconnections,.json"
        value={file}
        onChange={setFile}
        data-autofocus
      />
      <PasswordInput label="Passphrase" {...typed(passphrase, setPassphrase)} autoComplete="off" />
    </ConfirmDialog>
  );
}

function Imported(props: { result: CallOutput<'connections.import'>; onClose(): void }) {
  const { added, skipped } = props.result;
  return (
    <ResultDialog title="Connections imported" onClose={props.onClose}>
      {formatCounted(added.length, 'connection')} added
      {added.length > 0 && `: ${added.map(({ name }) => name).join(', ')}`}.
      {skipped.map(({ name, reason }) => (
        <span key={name} className={classes.skipped}>
          <b>{name}</b> was skipped. {reason}
        </span>
      ))}
    </ResultDialog>
  );
}

function ResultDialog(props: { title: string; onClose(): void; children: ReactNode }) {
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={480}>
      <p className="oc-flush" role="status">
        {props.children}
      </p>
      <Button mt={12} onClick={props.onClose}>
        Done
      </Button>
    </Modal>
  );
}
