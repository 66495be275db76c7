import './kit/theme/libraries.css';
import './kit/theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { createRouter } from './app/routes.tsx';
import { createQueryClient } from './kit/rpc/console-context.tsx';
import { chooseTransport } from './kit/rpc/transport/select.ts';

// The transport takes the token out of the address before the router reads it.
const transport = chooseTransport();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App transport={transport} queryClient={createQueryClient()} router={createRouter()} />
    </StrictMode>,
  );
}
