/** A colour on white paper, as SVG files carry it, and on a dark page. */
export interface Shade {
  light: string;
  dark: string;
}

/**
 * Every colour of every figure and page stands in this file, once; style sheets have them as custom properties by these names.
 * Models and hues are Okabe–Ito's and Tol's "muted", told apart by every common kind of colour vision; black-and-white print
 * is served by weight and dash.
 */
export const palette = {
  network: { light: '#0072b2', dark: '#56b4f0' },
  linear: { light: '#d55e00', dark: '#ff8f4a' },
  linearized: { light: '#008f6b', dark: '#35c99b' },
  /** Between network and linear model, hence neither's colour. */
  discrepancy: { light: '#6b3fa0', dark: '#c08cf0' },
  /** Words on paper need more contrast than lines. */
  'linear-text': { light: '#b04d00', dark: '#ff8f4a' },
  ink: { light: '#1c2127', dark: '#e4e7eb' },
  muted: { light: '#5a626c', dark: '#a2abb5' },
  grid: { light: '#e4e7eb', dark: '#30363e' },
  paper: { light: '#ffffff', dark: '#14171b' },
} as const satisfies Record<string, Shade>;

/** One hue a watched point, a mode or a run; taken in order, then again from the first. */
export const hues = [
  { light: '#332288', dark: '#a39aff' },
  { light: '#cc6677', dark: '#f08a9a' },
  { light: '#117733', dark: '#4cc475' },
  { light: '#8f8f22', dark: '#d0cf66' },
  { light: '#aa4499', dark: '#e27dd2' },
  { light: '#2f8f86', dark: '#62d0c4' },
  { light: '#882255', dark: '#d86aa4' },
] as const;

/** A colour of figures by its name: what a description says of a curve. */
export type ColourName = keyof typeof palette | `hue-${number}`;

export const hueOf = (k: number): ColourName => `hue-${(k % hues.length) + 1}`;

const figureColours: Readonly<Record<ColourName, Shade>> = {
  ...palette,
  ...Object.fromEntries(hues.map((shade, k) => [hueOf(k), shade])),
};

/** What surrounds figures on a page. */
const surroundings = {
  rule: { light: '#d5dae0', dark: '#343b44' },
  /** Borders of what can be operated: 3 : 1 against the page. */
  edge: { light: '#868e98', dark: '#6d7681' },
  well: { light: '#f5f7f9', dark: '#1c2127' },
  accent: palette.network,
  'on-accent': palette.paper,
  warn: { light: '#a84300', dark: '#ff9d5c' },
  good: { light: '#007a5b', dark: '#35c99b' },
  /** Words of verdicts, on grounds of their own. */
  holds: { light: '#005c45', dark: '#6fe0bb' },
  fails: { light: '#a3261f', dark: '#ff8a80' },
  shadow: { light: 'rgb(0 0 0 / 0.16)', dark: 'rgb(0 0 0 / 0.3)' },
} as const satisfies Record<string, Shade>;

/** All colours that a page knows, by their names. */
export const colours: Readonly<Record<string, Shade>> = { ...figureColours, ...surroundings };

/** In a file, on white. */
export const inPrint = (name: ColourName): string => figureColours[name].light;

/** In a page, light or dark. */
export const inPage = (name: ColourName): string => `var(--${name})`;

/** Arial's metrics under each of its names, so that the labels keep their widths from one machine to the next. */
export const fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";
