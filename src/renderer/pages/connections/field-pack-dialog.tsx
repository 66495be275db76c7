import { Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ticked } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { saveExport } from '../../lists/table/export-csv.ts';

/** Saves a connection's facts as one file: for support, and on request for another workstation. */
export function FieldPackDialog(props: { connectionId: string; onClose(): void }) {
  const { connectionId: id, onClose } = props;
  const call = useConsole();
  const policy = useCall('app.info', {}).data?.policy;
  const forbidden = policy?.forbidden.includes('exportClusters') ?? false;
  const [withSeen, setWithSeen] = useState(false);
  const save = async () => {
    const file = await call('connections.fieldPack', { id, withSeen });
    saveExport(file);
    notifications.show({
      title: `${file.fileName} saved`,
      message: withSeen
        ? 'No secret is in it, but users’ e-mails are. Open it on the Connections page of the other workstation.'
        : 'No secret is in it. Look through it before you send it to support.',
    });
  };
  return (
    <ConfirmDialog verb="Save field pack" onConfirm={save} onClose={onClose}>
      <p className="oc-flush">
        One zip for support: test steps, versions, settings, the redacted log, coverage and journal,
        without secrets.
      </p>
      <Checkbox
        label="Include cached cluster data"
        description={
          forbidden
            ? 'Turned off by your administrator.'
            : 'For another workstation, which opens the cluster as of now and plans changes: users’ e-mails, access key ids, buckets’ names, rate limits, quotas and change plans. No secret.'
        }
        {...ticked(withSeen, setWithSeen)}
        disabled={forbidden}
      />
    </ConfirmDialog>
  );
}
