import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type DataRouter, RouterProvider } from 'react-router';
import { ConsoleProvider } from '../kit/rpc/console-context.tsx';
import type { Transport } from '../kit/rpc/transport/transport.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import { styleNonce } from '../kit/theme/style-nonce.ts';
import { cssVariablesResolver, theme } from '../kit/theme/theme.ts';

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
      <ModalsProvider>{children}</ModalsProvider>
      <Notifications position="bottom-left" autoClose={6000} limit={4} />
    </MantineProvider>
  );
}

/** The whole interface over one transport. */
export function App(props: { transport: Transport; queryClient: QueryClient; router: DataRouter }) {
  return (
    <ConsoleProvider transport={props.transport} queryClient={props.queryClient}>
      <ThemeProvider>
        <RouterProvider router={props.router} />
      </ThemeProvider>
    </ConsoleProvider>
  );
}
