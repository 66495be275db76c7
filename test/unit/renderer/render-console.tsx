import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { act, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createMemoryRouter, MemoryRouter, RouterProvider } from 'react-router';
import { consoleRoutes } from '#renderer/app/routes.tsx';
import { HintHost } from '#renderer/kit/components/hint.tsx';
import { ConsoleProvider, createQueryClient } from '#renderer/kit/rpc/console-context.tsx';
import type { Transport } from '#renderer/kit/rpc/transport/transport.ts';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { cssVariablesResolver, theme } from '#renderer/kit/theme/theme.ts';

function Around(props: { transport: Transport; children: ReactNode }) {
  return (
    <ConsoleProvider transport={props.transport} queryClient={createQueryClient()}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
        {props.children}
        <HintHost />
        <Notifications />
      </MantineProvider>
    </ConsoleProvider>
  );
}

/** Renders the whole interface at an address, over a core that the test made. */
export function renderConsole(transport: Transport, address: string) {
  usePreferences.setState(usePreferences.getInitialState(), true);
  const router = createMemoryRouter(consoleRoutes(), { initialEntries: [address] });
  const view = render(
    <Around transport={transport}>
      <RouterProvider router={router} />
    </Around>,
  );
  return {
    ...view,
    /** The address the interface is at now. */
    address: () => `${router.state.location.pathname}${router.state.location.search}`,
    back: () => router.navigate(-1),
    goTo: (path: string) => act(() => router.navigate(path)),
  };
}

/** Renders one part of the interface, over a core that the test made. */
export function renderPart(transport: Transport, part: ReactNode) {
  usePreferences.setState(usePreferences.getInitialState(), true);
  return render(
    <Around transport={transport}>
      <MemoryRouter>{part}</MemoryRouter>
    </Around>,
  );
}
