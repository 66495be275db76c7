import { ActionError, NestedList } from '../model/answer.ts';
import { dateTimeText } from '../model/state.ts';
import { type Action, pageOf } from './action.ts';

const whmcsDetails: Action = ({ variants }) => ({
  whmcs: { version: `${variants.version}.1`, canonicalversion: `${variants.version}.1-release.1` },
});

const getAdminDetails: Action = ({ variants }) => ({
  adminid: 1,
  name: 'API',
  notes: '',
  signature: '',
  allowedpermissions: 'List Clients,View Products/Services,Manage Invoice',
  whmcs: { version: `${variants.version}.1`, canonicalversion: `${variants.version}.1-release.1` },
});

const getCurrencies: Action = ({ state }) => ({
  totalresults: state.currencies.size,
  currencies: new NestedList(
    'currency',
    [...state.currencies.values()].map((currency) => ({ ...currency, format: 1, rate: '1.00000' })),
  ),
});

const getStats: Action = ({ state }) => ({
  income_thismonth: '$12.00 USD',
  orders_pending: [...state.orders.values()].filter(({ status }) => status === 'Pending').length,
});

const getActivityLog: Action = (context) => {
  const { form, state } = context;
  const words = form.text('description')?.toLowerCase() ?? '';
  const rows = state.activity.filter(
    (entry) =>
      (form.number('clientid') ?? entry.clientid) === entry.clientid &&
      entry.description.toLowerCase().includes(words),
  );
  return pageOf(context, 'activity', 'entry', rows);
};

const logActivity: Action = ({ form, state, now }) => {
  const description = form.text('description');
  if (description === undefined) throw new ActionError('Description is required');
  const clientid = form.number('clientid') ?? form.number('userid') ?? 0;
  state.activity.push({ id: state.newId(), date: dateTimeText(now), description, clientid });
  return {};
};

export const systemActions: Record<string, Action> = {
  WhmcsDetails: whmcsDetails,
  GetAdminDetails: getAdminDetails,
  GetCurrencies: getCurrencies,
  GetStats: getStats,
  GetActivityLog: getActivityLog,
  LogActivity: logActivity,
};
