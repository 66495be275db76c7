import { ActionError, NestedList } from '../model/answer.ts';
import { type Client, dateTimeText } from '../model/state.ts';
import { type Action, type ActionContext, pageOf } from './action.ts';

const getClients: Action = (context) => {
  const { form, state } = context;
  const prefix = form.text('search')?.toLowerCase();
  const status = form.text('status');
  const sorted = [...state.clients.values()].sort((left, right) => left.id - right.id);
  if (form.text('sorting')?.toUpperCase() === 'DESC') sorted.reverse();
  const rows = sorted.filter(
    (client) =>
      (status === undefined || client.status === status) &&
      (prefix === undefined ||
        [client.email, client.firstname, client.lastname, client.companyname].some((text) =>
          text.toLowerCase().startsWith(prefix),
        )),
  );
  const answer = pageOf(
    context,
    'clients',
    'client',
    rows,
    ({ owner: _owner, currency: _currency, customfields: _fields, ...listed }) => listed,
  );
  if ((form.number('limitstart') ?? 0) === 0) {
    const first = Math.min(...state.clients.keys());
    if (context.variants.shiftRows && first > 0) addClientBefore(context);
    if (context.variants.dropRows) state.clients.delete(first);
  }
  return answer;
};

/** Puts a client in at the front, so that every later page begins one row too early. */
function addClientBefore({ state, now }: ActionContext): void {
  const id = Math.min(...state.clients.keys(), 1) - 1;
  const email = `late-${Math.abs(id)}@shifting.example`;
  state.clients.set(id, {
    id,
    firstname: 'Late',
    lastname: `Arrival ${Math.abs(id)}`,
    companyname: '',
    email,
    owner: { id: 900_000 - id, name: 'Late Arrival', email },
    datecreated: dateTimeText(now).slice(0, 10),
    groupid: 0,
    status: 'Active',
    currency: 1,
    customfields: [],
  });
}

/** Finds the client that a request names by id or e-mail. */
function clientOf({ form, state }: ActionContext, idName: string, emailName: string): Client {
  const id = form.number(idName);
  const email = form.text(emailName)?.toLowerCase();
  const found =
    id === null
      ? [...state.clients.values()].find((client) => client.email.toLowerCase() === email)
      : state.clients.get(id);
  if (found === undefined) throw new ActionError('Client Not Found');
  return found;
}

const getClientsDetails: Action = (context) => {
  const client = clientOf(context, 'clientid', 'email');
  const currency = context.state.currencies.get(client.currency);
  const details = {
    id: client.id,
    owner_user_id: client.owner.id,
    uuid: `00000000-0000-4000-8000-${String(client.id).padStart(12, '0')}`,
    firstname: client.firstname,
    lastname: client.lastname,
    fullname: `${client.firstname} ${client.lastname}`,
    companyname: client.companyname,
    email: client.email,
    currency: client.currency,
    currency_code: currency?.code ?? '',
    status: client.status,
    credit: '0.00',
    notes: '',
    customfields: client.customfields,
    users: new NestedList('user', [{ ...client.owner, is_owner: true }]),
  };
  return { client: details, ...(context.variants.version === '7.10' ? details : {}) };
};

const addClientNote: Action = ({ form, state }) => {
  const userid = form.number('userid');
  if (userid === null || !state.clients.has(userid)) throw new ActionError('Client ID not found');
  const notes = form.text('notes');
  if (notes === undefined) throw new ActionError('Note is required');
  const id = state.newId();
  state.clientNotes.push({ id, userid, notes, sticky: form.flag('sticky') });
  return { noteid: id };
};

export const clientActions: Record<string, Action> = {
  GetClients: getClients,
  GetClientsDetails: getClientsDetails,
  AddClientNote: addClientNote,
};
