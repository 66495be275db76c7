import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { type DataRouter, RouterProvider } from 'react-router';
import { HintHost } from '../kit/components/hint.tsx';
import { ConsoleProvider } from '../kit/rpc/console-context.tsx';
import type { Transport } from '../kit/rpc/transport/transport.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import { styleNonce } from '../kit/theme/style-nonce.ts';
import { cssVariablesResolver, theme } from '../kit/theme/theme.ts';
import { SignedOut, useEnded } from './signed-out.tsx';

/** Theme, toasts and dialogs around anything of the interface. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const choice = usePreferences((preferences) => preferences.theme);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
      {...(choice === 'auto' ? {} : { forceColorScheme: choice })}
    >
      {children}
      <HintHost />
      <Notifications position="bottom-left" autoClose={6000} limit={4} />
    </MantineProvider>
  );
}

/** The whole interface over one transport; where its session ended, the way back in, without data. */
export function App(props: { transport: Transport; queryClient: QueryClient; router: DataRouter }) {
  const { transport, queryClient, router } = props;
  const ended = useEnded(transport.session);
  useEffect(() => {
    if (ended) queryClient.clear();
  }, [ended, queryClient]);
  if (ended && transport.session) {
    return (
      <ThemeProvider>
        <SignedOut session={transport.session} reason={ended} />
      </ThemeProvider>
    );
  }
  return (
    <ConsoleProvider transport={transport} queryClient={queryClient}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </ConsoleProvider>
  );
}
