/**
 * Every colour of every figure, for white paper (what the SVG files carry) and for a dark page (what the report's style
 * sheet puts in its place). Models and hues are Okabe–Ito's and Tol's "muted", told apart by every common kind of
 * colour vision; black-and-white print is served by weight and dash.
 */
export const palette = {
  network: { light: '#0072b2', dark: '#56b4f0' },
  linear: { light: '#d55e00', dark: '#ff8f4a' },
  linearized: { light: '#008f6b', dark: '#35c99b' },
  /** Between network and linear model, hence neither's colour. */
  discrepancy: { light: '#6b3fa0', dark: '#c08cf0' },
  ink: { light: '#1c2127', dark: '#e4e7eb' },
  muted: { light: '#5a626c', dark: '#a2abb5' },
  grid: { light: '#e4e7eb', dark: '#30363e' },
  paper: { light: '#ffffff', dark: '#14171b' },
} as const;

/** One hue a watched point; taken in order, then again from the first. */
export const hues = [
  { light: '#332288', dark: '#a39aff' },
  { light: '#cc6677', dark: '#f08a9a' },
  { light: '#117733', dark: '#4cc475' },
  { light: '#8f8f22', dark: '#d0cf66' },
  { light: '#aa4499', dark: '#e27dd2' },
  { light: '#2f8f86', dark: '#62d0c4' },
  { light: '#882255', dark: '#d86aa4' },
] as const;

export const hueOf = (point: number): string => hues[point % hues.length].light;

/** Arial's metrics under each of its names, so that the labels keep their widths from one machine to the next. */
export const fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";
