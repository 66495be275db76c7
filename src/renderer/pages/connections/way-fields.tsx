import { FileButton, Select, Textarea, TextInput } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useState } from 'react';
import { toAppError } from '#shared/errors.ts';
import { kindsOfProxies } from '#shared/proxy-address.ts';
import { SmallButton } from '../../kit/components/buttons.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { toBase64 } from '../../kit/components/read-text-file.ts';
import { OptionalSecretInput } from '../../kit/components/secret-field.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import classes from './connections.module.css';
import type { WayValues } from './way-values.ts';

/** The part of a form that the way to a server is entered in. */
interface WayForm {
  values: WayValues;
  getInputProps(field: keyof WayValues): GetInputPropsReturnType;
  setFieldValue(field: 'ca', value: string): void;
  setFieldValue(field: 'removeProxyPassword', value: boolean): void;
}

/** Shows which certificates a connection trusts. */
export function TrustFields({ form }: { form: WayForm }) {
  return (
    <>
      <Select
        label="Trust"
        data={optionsOf({
          system: 'What this computer trusts',
          ca: 'A certificate authority of our own',
          pin: 'One certificate, by its fingerprint',
        })}
        {...form.getInputProps('trust')}
      />
      {form.values.trust === 'ca' && <Authority form={form} />}
      {form.values.trust === 'pin' && (
        <Textarea
          label="SHA-256 fingerprint"
          description="A test of the connection reports it where the certificate is not trusted."
          autosize
          spellCheck={false}
          classNames={{ input: 'oc-mono' }}
          {...form.getInputProps('fingerprint256')}
        />
      )}
    </>
  );
}

/** An authority is pasted, or read out of a file of whatever form. */
function Authority({ form }: { form: WayForm }) {
  const call = useConsole();
  const [read, setRead] = useState<{ text: string; failed?: boolean } | null>(null);
  const readFile = async (file: File | null) => {
    if (!file) return;
    try {
      const contentBase64 = await toBase64(file);
      const { pem, certificates } = await call('connections.readCertificates', {
        contentBase64,
      });
      form.setFieldValue('ca', pem);
      const names = certificates.slice(0, 3).map(({ subject, validTo }) => {
        return `${subject} (until ${validTo.slice(0, 10)})`;
      });
      const more = certificates.length - names.length;
      const rest = more > 0 ? ` and ${more} more` : '';
      setRead({ text: `${file.name}: ${names.join('; ')}${rest}.` });
    } catch (thrown) {
      const { message, hint } = toAppError(thrown);
      setRead({ text: `${file.name}: ${message} ${hint}`, failed: true });
    }
  };
  return (
    <>
      <Textarea
        label="Certificate authority, PEM"
        placeholder="-----BEGIN CERTIFICATE-----"
        minRows={4}
        maxRows={8}
        autosize
        spellCheck={false}
        classNames={{ input: 'oc-mono' }}
        {...form.getInputProps('ca')}
      />
      <div>
        <FileButton onChange={readFile} accept=".pem,.crt,.cer,.der,.p7b,.p7c">
          {(props) => <SmallButton {...props}>From a file…</SmallButton>}
        </FileButton>
        {read && (
          <div role={read.failed ? 'alert' : 'status'} className="oc-caption">
            {read.text}
          </div>
        )}
      </div>
    </>
  );
}

/** Shows which proxy a connection takes, and how to sign in there. */
export function ProxyFields({ form }: { form: WayForm }) {
  const { proxyMode, hasProxyPassword } = form.values;
  return (
    <>
      <Select
        label="Proxy"
        data={optionsOf({ system: 'System', direct: 'None', manual: 'This one' })}
        {...form.getInputProps('proxyMode')}
      />
      {proxyMode === 'manual' && (
        <>
          <TextInput
            label="Proxy address"
            description={`Of a proxy that speaks ${kindsOfProxies}.`}
            placeholder="http://proxy:3128"
            spellCheck={false}
            {...form.getInputProps('proxyUrl')}
          />
          <div className={classes.pair}>
            <TextInput
              label="Proxy user name"
              placeholder="None"
              spellCheck={false}
              {...form.getInputProps('proxyUsername')}
            />
            <OptionalSecretInput
              label="Proxy password"
              stored={hasProxyPassword}
              removed={form.values.removeProxyPassword}
              onRemove={(removed) => form.setFieldValue('removeProxyPassword', removed)}
              {...form.getInputProps('proxyPassword')}
            />
          </div>
        </>
      )}
    </>
  );
}
