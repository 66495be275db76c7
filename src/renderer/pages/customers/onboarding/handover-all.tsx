import { Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { whileUnsecured } from '../../../kit/stores/secured.ts';
import { saveExport } from '../../../lists/table/export-csv.ts';
import type { OnboardingRun } from './run-state.tsx';

type Left = CallOutput<'onboarding.handoverAll'>['left'];

/** Saves the handover sheets of every new user of a run as one zip; nothing before there is one. */
export function HandoverAll({ run }: { run: OnboardingRun }) {
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState<Left>([]);
  const { created, unwritten, done } = run.counts;
  if (run.state === 'running' || created + unwritten + done === 0) return null;
  return (
    <>
      <div>
        <SmallButton leftSection={<IconDownload size={14} />} onClick={() => setOpen(true)}>
          Save handover sheets (zip)…
        </SmallButton>
      </div>
      {left.length > 0 && (
        <Note tone="warning" role="status" title="Sheets that are not in the zip">
          <ul className="oc-flush">
            {left.map(({ email, message, hint }) => (
              <li key={email}>
                {email}: {message} {hint}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {open && <SaveDialog run={run} onSaved={setLeft} onClose={() => setOpen(false)} />}
    </>
  );
}

function SaveDialog(props: { run: OnboardingRun; onSaved(left: Left): void; onClose(): void }) {
  const { onboardingId } = props.run;
  const call = useConsole();
  const [withSecret, setWithSecret] = useState(false);
  const save = async () => {
    const mayShow = whileUnsecured();
    const file = await call('onboarding.handoverAll', { onboardingId, withSecret });
    props.onSaved(file.left);
    if (withSecret && !mayShow()) return;
    saveExport(file);
    const sheets = formatCounted(file.sheets, 'sheet');
    notifications.show({ message: `${sheets} saved as ${file.fileName}.` });
  };
  return (
    <ConfirmDialog
      verb={withSecret ? 'Save sheets with secrets' : 'Save sheets'}
      title="Save the handover sheets of this run"
      onConfirm={save}
      onClose={props.onClose}
    >
      <p className="oc-flush">One sheet for each new user of this run, in one zip.</p>
      <Checkbox
        label="Include secret keys"
        description="Fetched from the gateway for this file and kept nowhere; each is noted in the journal. Send every customer its own sheet over a safe channel, then delete the zip."
        {...ticked(withSecret, setWithSecret)}
      />
    </ConfirmDialog>
  );
}
