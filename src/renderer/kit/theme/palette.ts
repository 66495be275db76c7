import type { MantineColorsTuple } from '@mantine/core';

/** Neutral slate, light to dark: text, hairlines and surfaces of the light scheme. */
export const slate: MantineColorsTuple = [
  '#f7f9fb',
  '#eff3f7',
  '#e1e7ee',
  '#cbd5e0',
  '#9aa8b9',
  '#6b7b8f',
  '#4d5d72',
  '#344256',
  '#1f2b3d',
  '#111a29',
];

/** Near-black blue-grey: what Mantine's dark scheme takes text (0), lines (4) and surfaces (6–9) from. */
export const night: MantineColorsTuple = [
  '#dce4ee',
  '#b7c3d2',
  '#95a4b8',
  '#62728a',
  '#2a3749',
  '#1d2837',
  '#162030',
  '#0e1520',
  '#0a1019',
  '#060a11',
];

/** The one accent. 6 holds AA as text and under white text in light; 4 is its counterpart in dark. */
export const teal: MantineColorsTuple = [
  '#e8f8f5',
  '#cdf0ea',
  '#9de2d7',
  '#66d1c2',
  '#2fbfae',
  '#14a193',
  '#0b786e',
  '#09655d',
  '#07524c',
  '#053d39',
];

/** Okabe and Ito's palette for charts: told apart by every kind of colour vision. */
export const chartColors = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
  '#7f7f7f',
] as const;
