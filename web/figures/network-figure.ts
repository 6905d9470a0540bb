import type { DeepSpec } from '../../src/experiment/network-spec.ts';
import { architectureOf } from '../../src/experiment/network-facts.ts';
import { activationNames } from '../../src/math/activation-names.ts';
import { type DeepShape, deepShape } from '../../src/math/deep/architecture.ts';
import { formatCount, formatNumber } from './format.ts';
import { type Canvas, type Figure, finishFigure } from './frame.ts';
import { fontFamily, palette } from './palette.ts';
import { drawText, svgElement } from './svg.ts';

/** Hidden layers that are drawn one by one; of more the first ones and the last. */
const mostDrawn = 5;

const box = { width: 86, height: 90, gap: 48, tower: 12 } as const;
const margin = { left: 8, top: 6, bottom: 30 } as const;

interface Stage {
  /** Lines in the box, in the markup of notation.ts. */
  lines: string[];
  /** Over the arrow that leads to it. */
  by: string;
  /** One layer of each tower, drawn as two sheets. */
  towers: boolean;
}

/** The layers of a deep or convolutional network, from the input to f, each with what leads to it. */
export function networkFigure(spec: DeepSpec, d: number): Figure {
  const shape = deepShape(architectureOf(spec, d));
  const stages = [inputOf(spec, shape), ...hiddenOf(spec, shape), ...readoutOf(shape)];
  const pitch = box.width + box.gap;
  const width = margin.left + stages.length * pitch - box.gap + box.tower + 8;
  const height = margin.top + box.height + box.tower + margin.bottom;
  const svg = svgElement('svg', {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': fontFamily,
    fill: palette.ink.light,
  });
  const middle = margin.top + box.tower + box.height / 2;
  for (const [k, stage] of stages.entries()) {
    const x = margin.left + k * pitch;
    if (k > 0) drawArrow(svg, x - box.gap + box.tower / 2 + 3, x - 5, middle);
    drawText(svg, stage.by, {
      x: x - box.gap / 2 + 2,
      y: middle - 8,
      anchor: 'middle',
      size: 11,
      fill: palette.muted.light,
    });
    drawStage(svg, stage, x);
  }
  const positions = margin.left + pitch;
  drawText(svg, '*θ*_{−} behind, *θ*_{+} in front: two towers, equal at *t* = 0', {
    x: positions,
    y: height - 10,
    size: 11,
    fill: palette.muted.light,
  });
  const canvas: Canvas = {
    svg,
    left: 0,
    right: width,
    top: 0,
    bottom: height,
    x: (value) => value,
    y: (value) => value,
  };
  const caption = `The network: ${shape.depth === 1 ? 'one hidden layer' : `${shape.depth} hidden layers`}, ${formatCount(parametersOf(shape))} parameters in each of two towers. Both begin alike, so that *f* ≡ 0 at *t* = 0, and both are trained.`;
  return finishFigure(canvas, 'network', 'The network', caption);
}

const sides = (positions: readonly number[]): string => positions.join(' × ');

const inputOf = (spec: DeepSpec, { d }: DeepShape): Stage => ({
  lines:
    spec.kind === 'convolutional'
      ? ['*x*', sides(spec.shape), `*d* = ${formatCount(d)}`]
      : ['*x*', `*d* = ${formatCount(d)}`],
  by: '',
  towers: false,
});

function hiddenOf(spec: DeepSpec, { layers, depth }: DeepShape): Stage[] {
  let axes = spec.kind === 'convolutional' ? spec.shape.slice(0, -1) : [];
  const pools = spec.kind === 'convolutional' ? spec.pool : undefined;
  const stages = layers.map(({ channels, gain }, l): Stage => {
    const size =
      axes.length > 0 ? [`${channels} channels`, `at ${sides(axes)}`] : [`${formatCount(channels)} units`];
    const pool = pools?.[l] ?? 1;
    axes = axes.map((side) => side / pool);
    const filter = spec.kind === 'convolutional' ? sides(axes.map(() => spec.filter)) : `*W*_{${l + 1}}`;
    return {
      lines: [
        `*H*_{${l + 1}}, ${activationNames.some((name) => name === spec.activation) ? spec.activation : '*φ*'}`,
        ...size,
        ...(pool > 1 ? [`mean ${sides(axes.map(() => pool))}`] : []),
        ...gainLine(gain),
      ],
      by: filter,
      towers: true,
    };
  });
  if (depth <= mostDrawn) return stages;
  const left = depth - mostDrawn + 1;
  return [
    ...stages.slice(0, mostDrawn - 2),
    { lines: ['…', `${left} more`], by: '', towers: true },
    stages[depth - 1],
  ];
}

function readoutOf({ readout }: DeepShape): Stage[] {
  const mean = readout.kind === 'mean' && readout.positions > 1;
  return [
    {
      lines: [
        '*g*(*x*; *θ*_{±})',
        `${formatCount(readout.weights)} weights`,
        ...(mean ? ['of the mean'] : []),
        ...gainLine(readout.gain),
      ],
      by: '*v*',
      towers: true,
    },
    { lines: ['*f*', '(*g*_{+} − *g*_{−})/√2'], by: '', towers: false },
  ];
}

const gainLine = (gain: number): string[] => (gain === 1 ? [] : [`gain ${formatNumber(gain)}`]);

/** Weights of one tower. */
const parametersOf = ({ layers, readout }: DeepShape): number =>
  layers.reduce((sum, { channels, fanIn }) => sum + channels * fanIn, readout.weights);

function drawStage(svg: SVGSVGElement, { lines, towers }: Stage, x: number): void {
  const sheets = towers ? [box.tower, 0] : [box.tower / 2];
  for (const shift of sheets) {
    svg.append(
      svgElement('rect', {
        x: x + shift / 2,
        y: margin.top + box.tower - shift,
        width: box.width,
        height: box.height,
        rx: 5,
        fill: palette.paper.light,
        stroke: towers ? palette.network.light : palette.muted.light,
        'stroke-width': 1.4,
      }),
    );
  }
  const lineHeight = 16;
  const front = margin.top + box.tower - sheets[sheets.length - 1];
  const first = front + box.height / 2 - ((lines.length - 1) * lineHeight) / 2 + 4;
  for (const [k, line] of lines.entries()) {
    drawText(svg, line, {
      x: x + box.width / 2 + sheets[sheets.length - 1] / 2,
      y: first + k * lineHeight,
      anchor: 'middle',
      size: k === 0 ? 12 : 11,
      fill: k === 0 ? palette.ink.light : palette.muted.light,
    });
  }
}

function drawArrow(svg: SVGSVGElement, from: number, to: number, y: number): void {
  const stroke = palette.muted.light;
  svg.append(
    svgElement('line', { x1: from, x2: to, y1: y, y2: y, stroke, 'stroke-width': 1.2 }),
    svgElement('path', {
      d: `M${to - 5} ${y - 3.5}L${to} ${y}L${to - 5} ${y + 3.5}`,
      fill: 'none',
      stroke,
      'stroke-width': 1.2,
    }),
  );
}
