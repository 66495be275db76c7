import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { readFingerprint } from '#shared/plain-text.ts';
import { readProxyAddress } from '#shared/proxy-address.ts';

type Connection = CallOutput<'connections.list'>[number];
type Way = Pick<CallInput<'connections.save'>, 'tls' | 'proxy'>;

/** How a server is reached and recognised, as the controls of a form have it. */
export interface WayValues {
  trust: 'system' | 'ca' | 'pin';
  ca: string;
  fingerprint256: string;
  proxyMode: 'system' | 'direct' | 'manual';
  proxyUrl: string;
  proxyUsername: string;
  /** Empty: the stored one stays, unless it is removed. */
  proxyPassword: string;
  hasProxyPassword: boolean;
  removeProxyPassword: boolean;
}

/** The form's values for what is saved. */
export function wayValuesOf(saved: Pick<Connection, 'tls' | 'proxy'> | null): WayValues {
  const { tls, proxy } = saved ?? {};
  return {
    trust: tls?.fingerprint256 ? 'pin' : tls?.ca ? 'ca' : 'system',
    ca: tls?.ca ?? '',
    fingerprint256: tls?.fingerprint256 ?? '',
    proxyMode: proxy?.mode ?? 'system',
    proxyUrl: proxy?.url ?? '',
    proxyUsername: proxy?.username ?? '',
    proxyPassword: '',
    hasProxyPassword: proxy?.hasPassword ?? false,
    removeProxyPassword: false,
  };
}

/** The call's input for what the form holds. */
export function wayInput(values: WayValues): Way {
  return {
    ...(values.trust === 'ca' ? { tls: { ca: values.ca.trim() } } : {}),
    ...(values.trust === 'pin' ? { tls: { fingerprint256: values.fingerprint256 } } : {}),
    proxy: {
      mode: values.proxyMode,
      ...(values.proxyMode === 'manual' ? manualProxy(values) : {}),
    },
  };
}

function manualProxy({ proxyUrl, proxyUsername, ...secret }: WayValues) {
  return {
    url: proxyUrl.trim(),
    ...(proxyUsername.trim() === '' ? {} : { username: proxyUsername.trim() }),
    ...(secret.removeProxyPassword
      ? { password: null }
      : secret.proxyPassword === ''
        ? {}
        : { password: secret.proxyPassword }),
  };
}

/** The form's validation rules; core validates again. */
export const wayRules = {
  ca: (value: string, { trust }: WayValues) =>
    trust === 'ca' && !value.includes('-----BEGIN ')
      ? 'Paste the certificate as PEM, from -----BEGIN CERTIFICATE----- on, or read it from a file'
      : null,
  fingerprint256: (value: string, { trust }: WayValues) =>
    trust === 'pin' && readFingerprint(value) === null
      ? 'Paste a SHA-256 fingerprint: 64 hexadecimal digits'
      : null,
  proxyUrl: (value: string, { proxyMode }: WayValues) =>
    proxyMode === 'manual' && (value.trim() === '' || readProxyAddress(value) === null)
      ? 'Enter a URL such as http://proxy:3128'
      : null,
  proxyUsername: (value: string, { proxyMode, proxyPassword, removeProxyPassword }: WayValues) =>
    proxyMode === 'manual' && proxyPassword !== '' && !removeProxyPassword && value.trim() === ''
      ? 'Enter the user name that the password belongs to'
      : null,
};
