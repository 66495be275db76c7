import {
  ActionIcon,
  Button,
  Checkbox,
  Chip,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  Popover,
  Radio,
  SegmentedControl,
  Select,
  Switch,
  Tooltip,
} from '@mantine/core';

const controlHeight = '30px';

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
const night: MantineColorsTuple = [
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
const teal: MantineColorsTuple = [
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

function isPlainAccent({ variant, color }: { variant?: unknown; color?: unknown }): boolean {
  return (variant === undefined || variant === 'filled') && color === undefined;
}

/** On the accent: the library computes the contrast with the light theme's shade in both themes. */
const accentContrast = 'var(--mantine-primary-color-contrast)';

/** The console's Mantine theme: slate and teal, 13 px type, 4 px grid, hairlines. */
export const theme = createTheme({
  colors: { gray: slate, dark: night, teal },
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  white: '#ffffff',
  black: slate[9],
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.5', lg: '1.4', xl: '1.3' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: Button.extend({
      vars: (_theme, props) => ({
        root: {
          ...(props.size === undefined || props.size === 'sm'
            ? {
                '--button-height': controlHeight,
                '--button-padding-x': '12px',
                '--button-fz': '13px',
              }
            : {}),
          ...(isPlainAccent(props) ? { '--button-color': accentContrast } : {}),
        },
      }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray' },
      vars: (_theme, props) => ({
        root: {
          ...(props.size === undefined ? { '--ai-size': '28px' } : {}),
          ...(props.variant === 'subtle' ? { '--ai-color': 'var(--mantine-color-dimmed)' } : {}),
        },
      }),
    }),
    Input: Input.extend({
      vars: (_theme, props) => ({
        wrapper:
          props.size === undefined || props.size === 'sm'
            ? { '--input-height': controlHeight, '--input-fz': '13px' }
            : {},
      }),
    }),
    InputWrapper: Input.Wrapper.extend({
      vars: () => ({
        label: { '--input-label-size': '12px', '--input-asterisk-color': 'var(--oc-bad)' },
        description: { '--input-description-size': '11px' },
        error: { '--input-error-size': '11px' },
        success: {},
      }),
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } },
    }),
    Checkbox: Checkbox.extend({
      defaultProps: { size: 'xs', radius: 'xs', iconColor: accentContrast },
    }),
    Radio: Radio.extend({ defaultProps: { iconColor: accentContrast } }),
    Chip: Chip.extend({ vars: () => ({ root: { '--chip-color': accentContrast } }) }),
    Switch: Switch.extend({ defaultProps: { size: 'sm' } }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 120 },
        withinPortal: true,
        returnFocus: true,
        // the first entry has the focus at once: a menu holds nothing that is no entry
        withInitialFocusPlaceholder: false,
      },
    }),
    Popover: Popover.extend({
      defaultProps: { shadow: 'md', transitionProps: { duration: 120 }, returnFocus: true },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 120 },
        events: { hover: true, focus: true, touch: false },
        multiline: true,
        maw: 360,
      },
    }),
    Modal: Modal.extend({
      styles: { title: { fontSize: '15px', fontWeight: 600, overflowWrap: 'anywhere' } },
      defaultProps: {
        transitionProps: { duration: 120, transition: 'fade' },
        overlayProps: { backgroundOpacity: 0.55 },
        shadow: 'lg',
        padding: 16,
        closeButtonProps: { 'aria-label': 'Close' },
        // of two dialogs on top of each other neither has the page's banner
        attributes: { header: { role: 'presentation' } },
      },
    }),
    Select: Select.extend({ defaultProps: { allowDeselect: false } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { transitionDuration: 120 } }),
  },
});

/** The console's own colour tokens (`--oc-…`) in addition to Mantine's, for both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-primary-color-contrast': '#ffffff',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': slate[9],
    '--mantine-color-dimmed': slate[6],
    '--mantine-color-placeholder': '#5c6b80',
    '--mantine-color-default-border': slate[3],
    '--mantine-color-anchor': teal[6],
    '--mantine-color-teal-light-color': teal[6],
    '--mantine-color-error': '#b42323',
    '--oc-rail': slate[0],
    '--oc-raised': slate[0],
    '--oc-hover': slate[1],
    '--oc-selected': teal[0],
    '--oc-hairline': slate[2],
    '--oc-faint': '#5c6b80',
    '--oc-frame': '#7d8ca0',
    '--oc-accent': teal[6],
    '--oc-good': '#1a7a3c',
    '--oc-warning': '#9a5b00',
    '--oc-bad': '#b42323',
    '--oc-idle': slate[6],
    '--oc-information': '#1f5fbf',
    '--oc-good-surface': '#e9f6ed',
    '--oc-warning-surface': '#fdf3df',
    '--oc-bad-surface': '#fdecec',
    '--oc-information-surface': '#e9f1fc',
    '--oc-skeleton': slate[2],
  },
  dark: {
    '--mantine-primary-color-contrast': night[9],
    '--mantine-color-body': night[7],
    '--mantine-color-text': night[0],
    '--mantine-color-dimmed': night[2],
    '--mantine-color-placeholder': '#8090a5',
    '--mantine-color-default': night[6],
    '--mantine-color-default-hover': night[5],
    '--mantine-color-default-border': '#344358',
    '--mantine-color-anchor': teal[4],
    '--mantine-color-teal-light-color': teal[4],
    '--mantine-color-error': '#ff8a85',
    '--oc-rail': night[8],
    '--oc-raised': night[6],
    '--oc-hover': '#172130',
    '--oc-selected': '#0e2b2d',
    '--oc-hairline': '#223042',
    '--oc-faint': '#8b9bb0',
    '--oc-frame': night[3],
    '--oc-accent': teal[4],
    '--oc-good': '#57cf86',
    '--oc-warning': '#f0b44a',
    '--oc-bad': '#ff8a85',
    '--oc-idle': night[2],
    '--oc-information': '#7fb2ff',
    '--oc-good-surface': '#10281b',
    '--oc-warning-surface': '#2c2210',
    '--oc-bad-surface': '#331719',
    '--oc-information-surface': '#13233c',
    '--oc-skeleton': '#223042',
  },
});
