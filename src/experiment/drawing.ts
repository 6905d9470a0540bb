import type { ClaimsDocument } from './claims-document.ts';
import type { DeepDocument, ResultDocument } from './result-document.ts';

/** How figures are drawn that are drawn again. */
export interface DrawingStyle {
  /** In CSS pixels, of which 96 are an inch; as in reports where it is left out. */
  size?: { width: number; height: number } | undefined;
  /** The family of the letters; that of reports where it is left out. */
  font?: string | undefined;
}

/** Figures to be drawn again from what a folder has: those of a run, or those of a suite of claims. */
export type Drawing = DrawingStyle &
  ({ kind: 'run'; document: ResultDocument | DeepDocument } | { kind: 'claims'; document: ClaimsDocument });

/** What was drawn; `withoutPng`: why there are no PNG files, where there are none. */
export interface Drawn {
  figures: { slug: string; width: number; height: number; svg: string; png: string | null }[];
  withoutPng: string | null;
}
