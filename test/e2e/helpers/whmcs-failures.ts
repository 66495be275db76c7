import type { WhmcsFault, WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { expect } from '../fixtures.ts';
import type { Hands } from './customer-users.ts';
import { dialog } from './save-cluster.ts';

/** What comes in place of an answer, and what the form says of it. */
const failures: readonly (readonly [fault: WhmcsFault, words: string])[] = [
  [{ kind: 'invalid-ip' }, 'does not let this address call it: 203.0.113.9.'],
  [{ kind: 'admin-disabled' }, 'administrator is disabled or lacks API access.'],
  [{ kind: 'empty-action' }, 'The request came to WHMCS without its fields'],
  [{ kind: 'access-denied' }, 'administrator is disabled or lacks API access.'],
  [{ kind: 'emitted-previously' }, 'something printed text before its answer'],
  [{ kind: 'html-403' }, 'A web page came in place of an answer of WHMCS (HTTP 403).'],
  [{ kind: 'html-503' }, 'A web page came in place of an answer of WHMCS (HTTP 503).'],
  [{ kind: 'html-200' }, 'A web page came in place of an answer of WHMCS (HTTP 200).'],
  [{ kind: 'html-429' }, 'refuses more requests for now'],
  [{ kind: 'html-403', action: 'GetOrders' }, 'GetOrders (onboarding from pending orders) failed:'],
  [{ kind: 'error', action: 'GetClients', message: 'Down' }, 'WHMCS refused GetClients: Down.'],
];

/** Tries to connect WHMCS through all that goes wrong there, by Enter in a field of the form. */
export async function tryInVain(
  { page, keyboard }: Pick<Hands, 'page' | 'keyboard'>,
  whmcs: WhmcsSimulator,
): Promise<void> {
  const said = page.getByRole('main');
  const fails = async (words: string) => {
    await keyboard.press('Enter');
    await expect(said).toContainText(words);
  };
  const identifier = page.getByLabel('Identifier');
  await keyboard.fill(identifier, 'somebody');
  await fails('WHMCS does not know this identifier.');
  await keyboard.fill(identifier, whmcs.identifier);
  await keyboard.fill(page.getByLabel('Secret', { exact: true }), whmcs.secret);
  for (const [fault, words] of failures) {
    whmcs.faults.add(fault);
    await fails(words);
    whmcs.faults.clear();
  }
  whmcs.denied.add('GetProducts');
  await fails('The role does not allow GetProducts (products of service plans).');
  whmcs.denied.clear();
  whmcs.variants.junk = 'notice';
  await fails('Accepted, but something prints text before the answers');
  whmcs.variants.junk = 'none';
}

/**
 * A note to a production system, which is unlocked first, whose answer is lost after the deed: said to be
 * open, and not sent a second time.
 */
export async function writeNote(
  { page, keyboard }: Hands,
  whmcs: WhmcsSimulator,
  email: string,
): Promise<void> {
  whmcs.faults.add({ kind: 'drop-after', action: 'AddClientNote', count: 1 });
  await keyboard.activate(page.getByRole('button', { name: `Write ${email} to WHMCS` }));
  const note = dialog(page).getByRole('checkbox', { name: /^Add a note/ });
  await keyboard.activate(note, 'Space');
  const unlock = dialog(page).getByRole('button', { name: 'Unlock for 15 min' });
  await keyboard.activate(unlock);
  await expect(unlock).toHaveCount(0);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Write to WHMCS' }));
  await expect(dialog(page)).toContainText('Note: sent, but not confirmed: look in WHMCS.');
  expect(whmcs.state.clientNotes).toHaveLength(1);
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
