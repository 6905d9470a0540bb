import type { ColourName } from '../palette.ts';
import type { Axis } from '../ticks.ts';

/** How a curve is drawn, here and in the legend. */
export interface Look {
  colour: ColourName;
  width: number;
  opacity?: number | undefined;
  dash?: string | undefined;
  /** Radius in pixels where the values are dots and no line. */
  dots?: number | undefined;
  /** Whether the dots are rings. */
  hollow?: boolean | undefined;
}

/** One curve over the x values of a chart. */
export interface Curve extends Look {
  /** Markup of notation.ts; a name that several curves share stands once in the legend. */
  name: string;
  /** What tells it from others of its name, such as "test"; '' for none. */
  set: string;
  /** The value at each x; NaN for none. What it is once, it stays. */
  y: (index: number) => number;
}

/** Curves over the same x values. */
export interface CurvesOver {
  x: {
    /** What the curves are of: the same object as long as values are only added. */
    of: object;
    count: number;
    /** Ascending. */
    at: (index: number) => number;
  };
  /** In the order in which they are drawn, the last on top. */
  curves: readonly Curve[];
}

/** What stands at a height. */
export interface Rule {
  at: number;
  /** Markup of notation.ts. */
  label: string;
  colour: ColourName;
}

/** What stands at an x. */
export interface Mark {
  at: number;
  /** Markup of notation.ts. */
  label: string;
  /** The same where there is little room. */
  short: string;
  /** Whether it says what became of the run, and not what the theory says. */
  strong?: boolean;
}

/**
 * What a chart shows, and nothing of who draws it: the page's painter, which follows a run (lab/views/line-chart.ts), or that of
 * files (draw-chart.ts).
 */
export interface Chart extends CurvesOver {
  x: CurvesOver['x'] & { axis: Axis };
  y: {
    /** Markup of notation.ts. */
    label: string;
    /** "auto" takes a log axis where the values span more than a factor 30. */
    scale: 'log' | 'linear' | 'auto';
    /** Values that the axis has to reach. */
    include?: readonly number[];
  };
  /** Horizontal lines, such as the linear optimum. On a logarithmic axis one at 0 is a label at its foot. */
  rules?: readonly Rule[];
  /** Vertical lines, such as the horizon. */
  marks?: readonly Mark[];
  /** Values at the right edge, such as targets; the axis has to reach them. */
  targets?: readonly Rule[];
}

/** What stands for curves in the legend. */
export interface Key extends Look {
  /** Markup of notation.ts. */
  label: string;
}

/** The names of the curves, what is drawn on top first. */
export const namesOf = (curves: readonly Curve[]): string[] => [
  ...new Set(curves.map(({ name }) => name).toReversed()),
];

export const setsOf = (curves: readonly Curve[]): string[] => [...new Set(curves.map(({ set }) => set))];

/**
 * The legend: the curves by their names, unless those stand elsewhere (`named`), then what tells those of one name apart, in
 * ink; nothing of a single curve.
 */
export function legendOf(curves: readonly Curve[], named = true): Key[] {
  const [names, sets] = [namesOf(curves), setsOf(curves)];
  if (names.length < 2 && sets.length < 2) return [];
  const looks = sets.length > 1 ? sets.map((set) => curves.find((curve) => curve.set === set)!) : [];
  // Told apart by their dashes, or else by their weight.
  const dashed = new Set(looks.map(({ dash }) => dash)).size === looks.length;
  return [
    ...(named ? names.map((name) => keyOf(curves, name)) : []),
    ...looks.map((look) => ({
      ...look,
      label: look.set,
      colour: 'ink' as const,
      ...(dashed && { width: 1.6, opacity: 1 }),
    })),
  ];
}

/** Of the curves of one name what stands for them: a solid line where there is any, the topmost, with their dots on it. */
function keyOf(curves: readonly Curve[], name: string): Key {
  const own = curves.filter((curve) => curve.name === name);
  const lines = own.filter(({ dots }) => dots === undefined);
  const line = lines.findLast(({ dash }) => dash === undefined) ?? lines.at(-1);
  return { ...own.find(({ dots }) => dots !== undefined), ...(line ?? own[0]), label: name };
}
