/** Every WHMCS action that the console calls and the API role has to allow, with its purpose. */
export const neededActions = [
  { action: 'GetClients', reads: true, need: 'customers' },
  { action: 'GetClientsDetails', reads: true, need: "a customer's currency and owner" },
  { action: 'GetClientsProducts', reads: true, need: 'services' },
  { action: 'GetProducts', reads: true, need: 'products of service plans' },
  { action: 'GetOrders', reads: true, need: 'onboarding from pending orders' },
  { action: 'GetInvoices', reads: true, need: 'finding drafts again' },
  { action: 'GetInvoice', reads: true, need: 'reading drafts back' },
  { action: 'CreateInvoice', reads: false, need: 'draft invoices' },
  { action: 'AddBillableItem', reads: false, need: 'billable items' },
  { action: 'UpdateClientProduct', reads: false, need: 'the user id and usage of a service' },
  { action: 'AddClientNote', reads: false, need: 'notes after onboarding' },
] as const;

export function roleActions(readOnly: boolean): string {
  const needed = neededActions.filter(({ reads }) => reads || !readOnly);
  return needed.map(({ action }) => action).join(', ');
}
