import { formatCount, formatNumber } from '../../figures/format.ts';
import { palette } from '../../figures/palette.ts';
import { svgElement } from '../../figures/svg.ts';
import { notationToHtml, setNotation } from '../../figures/notation.ts';
import type { View } from '../recording.ts';
import { ColourBar } from './colour-bar.ts';
import { currentScheme } from './colour-scheme.ts';
import { colourOf } from '../../figures/diverging.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { snapshotAt } from './snapshots.ts';
import { scaleOf } from './scale.ts';
import { type Outputs, labels, scatterOf } from './scatter.ts';
import { Tooltip } from './tooltip.ts';

const margin = { left: 46, right: 12, top: 12, bottom: 34 };

interface Dot {
  set: Outputs['set'];
  point: number;
  x: number;
  y: number;
}

/** The network's outputs against the linear model's, a dot a point in the colour of its target, training points smaller. */
export function createScatterView(): View {
  const svg = svgElement('svg', { class: 'curves', 'aria-hidden': 'true' });
  const canvas = htmlElement('canvas', 'scatter-dots');
  const ring = svgElement('circle', { class: 'ring', r: 6 });
  const tooltip = new Tooltip();
  const plot = htmlElement('div', 'plot plot-square', canvas, tooltip.element);
  plot.prepend(svg);
  plot.tabIndex = 0;
  plot.setAttribute('role', 'group');
  plot.setAttribute('aria-label', 'Network against linear model; arrow keys go from point to point');
  const bar = new ColourBar('target *y*, the ends for all beyond');
  const note = htmlElement('p', 'view-note');
  const element = htmlElement(
    'section',
    'view view-scatter',
    htmlMarked('div', 'axis-label', notationToHtml(labels.y)),
    plot,
    htmlMarked('div', 'axis-label axis-label-x', notationToHtml(labels.x)),
    bar.element,
    note,
  );
  element.setAttribute('aria-label', 'Network against linear model');

  let framed = '';
  let dots: Dot[] = [];
  /** The same from left to right, as arrow keys go; for who asks. */
  let along: Dot[] | null = null;
  let shown: number | null = null;
  let read: (dot: Dot) => Parameters<Tooltip['show']>[2] = () => [];
  const inOrder = (): Dot[] => (along ??= dots.toSorted((a, b) => a.x - b.x || a.point - b.point));
  const show = (): void => {
    const dot = shown === null ? undefined : inOrder()[shown];
    ring.style.display = dot ? '' : 'none';
    if (!dot) {
      tooltip.hide();
      return;
    }
    ring.setAttribute('cx', String(dot.x));
    ring.setAttribute('cy', String(dot.y));
    tooltip.show(dot, `${dot.set} point ${formatCount(dot.point + 1)}`, read(dot));
  };
  plot.addEventListener('pointermove', ({ clientX, clientY }) => {
    const box = plot.getBoundingClientRect();
    shown = nearestDot(inOrder(), clientX - box.left, clientY - box.top);
    show();
  });
  const leave = (): void => {
    shown = null;
    show();
  };
  plot.addEventListener('pointerleave', leave);
  plot.addEventListener('blur', leave);
  plot.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (event.key === 'Escape') leave();
    if (by === undefined || dots.length === 0) return;
    event.preventDefault();
    shown = shown === null ? 0 : (shown + by + dots.length) % dots.length;
    show();
  });

  return new LiveView(element, (recording, cursor, width) => {
    const snapshot = snapshotAt(recording, cursor);
    const size = Math.max(200, Math.min(width, 420));
    const scheme = currentScheme();
    const {
      outputs: sets,
      axis,
      scale,
    } = scatterOf(snapshot, recording.stage, recording.preparation?.nTest !== 0);
    const { ticks } = axis;
    const [left, right, top, bottom] = [margin.left, size - margin.right, margin.top, size - margin.bottom];
    const x = scaleOf(axis, left, right);
    const y = scaleOf(axis, bottom, top);
    const frame = `${size} ${axis.domain.join(' ')}`;
    if (frame !== framed) {
      framed = frame;
      svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
      svg.style.cssText = canvas.style.cssText = `width:${size}px;height:${size}px`;
      svg.replaceChildren(
        ...ticks.flatMap(({ at, label }) => {
          const across = svgElement('text', { x: x.place(at), y: bottom + 20, 'text-anchor': 'middle' });
          const up = svgElement('text', { x: left - 8, y: y.place(at) + 4, 'text-anchor': 'end' });
          for (const text of [across, up]) setNotation(text, label, 11.5);
          const line = (x1: number, x2: number, y1: number, y2: number): SVGElement =>
            svgElement('line', { class: 'grid', x1, x2, y1, y2 });
          return [
            line(left, right, y.place(at), y.place(at)),
            line(x.place(at), x.place(at), top, bottom),
            across,
            up,
          ];
        }),
        svgElement('line', { class: 'identity', x1: left, x2: right, y1: bottom, y2: top }),
        ring,
      );
    }
    // What is smaller lies beneath; else in the order of the points, or the last target would cover the others.
    dots = sets.toReversed().flatMap((one) => dotsOf(one, x.place, y.place));
    along = null;
    const targetOf = ({ set, point }: Dot): number =>
      sets.find((one) => one.set === set)?.targets[point] ?? 0;
    const smaller = sets.length > 1 ? 'training' : null;
    paintDots(canvas, size, dots, scheme, smaller, (dot) => colourOf(targetOf(dot), scale, scheme));
    bar.show(scale, scheme);
    read = (dot) => {
      const { network, linear } = sets.find(({ set }) => set === dot.set)!;
      return [
        { label: 'network', text: formatNumber(network[dot.point]), colour: 'var(--network)' },
        { label: 'linear model', text: formatNumber(linear[dot.point]), colour: 'var(--linear)' },
        {
          label: 'target',
          text: formatNumber(targetOf(dot)),
          colour: colourOf(targetOf(dot), scale, scheme),
        },
      ];
    };
    show();
    const counts = sets.map(
      ({ set, network }, k) => `${k > 0 ? 'small: ' : ''}${formatCount(network.length)} ${set} points`,
    );
    note.replaceChildren(
      snapshot
        ? htmlMarked(
            'span',
            '',
            `${counts.join(', ')}, at <i>t</i> = ${formatCount(snapshot.step)}. On the line both models agree.`,
          )
        : 'Waiting for the first outputs.',
    );
  });
}

function dotsOf(
  { set, network, linear }: Outputs,
  x: (value: number) => number,
  y: (value: number) => number,
): Dot[] {
  return Array.from(linear, (value, point) => ({ set, point, x: x(value), y: y(network[point]) })).filter(
    (dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y),
  );
}

function paintDots(
  canvas: HTMLCanvasElement,
  size: number,
  dots: readonly Dot[],
  scheme: 'light' | 'dark',
  smaller: Dot['set'] | null,
  colour: (dot: Dot) => string,
): void {
  const density = Math.min(devicePixelRatio || 1, 2);
  const pixels = Math.round(size * density);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size, size);
  context.globalAlpha = 0.85;
  context.lineWidth = 0.6;
  // Against the paper: a dot of target 0 has its colour.
  context.strokeStyle = `${palette.ink[scheme]}73`;
  const radius = dots.length > 400 ? 2.8 : 3.6;
  for (const dot of dots) {
    context.fillStyle = colour(dot);
    context.beginPath();
    context.arc(dot.x, dot.y, dot.set === smaller ? 0.6 * radius : radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** The dot nearest to a place, not farther than 24 px. */
function nearestDot(dots: readonly Dot[], x: number, y: number): number | null {
  let best: number | null = null;
  let least = 24 ** 2;
  for (const [k, dot] of dots.entries()) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}
