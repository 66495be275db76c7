import type { Action } from './action.ts';

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

const getStats: Action = ({ state }) => ({
  income_thismonth: '$12.00 USD',
  orders_pending: [...state.orders.values()].filter(({ status }) => status === 'Pending').length,
});

export const systemActions: Record<string, Action> = {
  WhmcsDetails: whmcsDetails,
  GetAdminDetails: getAdminDetails,
  GetStats: getStats,
};
