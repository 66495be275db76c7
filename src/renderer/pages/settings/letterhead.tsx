import { Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useAction } from '../../kit/use-action.ts';
import classes from './settings.module.css';

type Provider = CallOutput<'billing.provider'>;

const mostLogoBytes = 500_000;

/** Shows who sends statements: the letterhead and terms of their PDFs. */
export function Letterhead() {
  const query = useCall('billing.provider', {});
  if (query.error) return <CallError call={query} compact />;
  if (!query.data) return <p className="oc-dimmed">Loading…</p>;
  return <LetterheadForm key={JSON.stringify(query.data)} saved={query.data} />;
}

function LetterheadForm({ saved }: { saved: Provider }) {
  const call = useConsole();
  const [provider, setProvider] = useState(saved);
  const { running: saving, error, run } = useAction();
  const change = (update: Partial<Provider>) => setProvider({ ...provider, ...update });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      await call('billing.setProvider', provider);
      notifications.show({ message: 'Letterhead saved.' });
    });
  };
  return (
    <form className={classes.letterhead} onSubmit={save} aria-label="Letterhead">
      <TextInput
        label="Name"
        maxLength={200}
        value={provider.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Tax id"
        maxLength={100}
        value={provider.taxId}
        onChange={(event) => change({ taxId: event.currentTarget.value })}
      />
      <Textarea
        label="Address"
        autosize
        minRows={3}
        maxLength={1000}
        value={provider.address}
        onChange={(event) => change({ address: event.currentTarget.value })}
      />
      <Textarea
        label="Terms"
        description="At the end of each statement"
        autosize
        minRows={2}
        maxLength={5000}
        value={provider.terms}
        onChange={(event) => change({ terms: event.currentTarget.value })}
      />
      <Logo provider={provider} change={change} />
      {error && <ErrorPanel error={error} compact />}
      <div>
        <Button type="submit" size="xs" loading={saving}>
          Save letterhead
        </Button>
      </div>
    </form>
  );
}

function Logo(props: { provider: Provider; change(update: Partial<Provider>): void }) {
  const { provider, change } = props;
  const [fault, setFault] = useState('');
  const read = async (file: File | null) => {
    if (!file) return;
    if (file.size > mostLogoBytes) {
      setFault('The logo has more than 500 kB.');
      return;
    }
    setFault('');
    change({ logo: await toDataUrl(file) });
  };
  return (
    <div className="oc-wrap-row">
      {provider.logo === null ? (
        <span className="oc-dimmed">No logo</span>
      ) : (
        <img src={provider.logo} alt="Logo" className={classes.logoImage} />
      )}
      <FileButton accept="image/png,image/jpeg" onChange={(file) => void read(file)}>
        {(button) => (
          <Button variant="default" size="xs" {...button}>
            Select logo (PNG, JPEG)
          </Button>
        )}
      </FileButton>
      {provider.logo !== null && (
        <Button variant="subtle" color="gray" size="xs" onClick={() => change({ logo: null })}>
          Remove logo
        </Button>
      )}
      {fault !== '' && <span role="alert">{fault}</span>}
    </div>
  );
}

async function toDataUrl(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `data:${file.type};base64,${btoa(text)}`;
}
