import type { ChosenModes, StepRecord } from '../../../src/experiment/result.ts';
import { formatCount, formatNumber } from '../format.ts';
import { drawnModes, leastShare, shareLeft, theoryLeft } from '../mode-shares.ts';
import { hueOf } from '../palette.ts';
import type { Curve } from './chart.ts';
import type { TimeChart } from './over-time.ts';
import type { Run } from './run.ts';

/** Errors along chosen modes at one step, ⟨u_k, e⟩/√n. */
export interface ErrorsAlong {
  network: readonly number[];
  linear: readonly number[];
}

/** What is left of the error along each mode over t: network, linear model, and (1 − ηλ_k)^t. */
export function modesChart(
  { preparation, records }: Run,
  chosen: ChosenModes | undefined,
  errorsAt: (record: StepRecord) => ErrorsAlong | undefined,
): TimeChart {
  const { indices = [], eigenvalues = [], initial = [] } = chosen ?? {};
  const places = chosen ? drawnModes(chosen) : [];
  const left = (model: keyof ErrorsAlong, place: number) => (index: number) =>
    shareLeft(errorsAt(records[index])?.[model][place], initial[place]);
  const omitted = indices.length - places.length;
  return {
    slug: 'modes',
    title: 'Errors along the eigendirections of the linear model’s kernel',
    y: { label: 'error left along mode *k*', scale: 'log' },
    // The first mode is drawn on top.
    curves: [...places.entries()].toReversed().flatMap(([k, place]): Curve[] => {
      const own = { name: `*k* = ${formatCount(indices[place])}`, colour: hueOf(k) };
      return [
        { ...own, set: 'linear model', width: 5, opacity: 0.35, y: left('linear', place) },
        {
          ...own,
          set: 'theory',
          colour: 'ink',
          width: 1.1,
          dash: '2 2.5',
          y: (index) => theoryLeft(eigenvalues[place], preparation!.eta, records[index].step),
        },
        { ...own, set: 'network', width: 1.9, y: left('network', place) },
      ];
    }),
    caption: () =>
      `What is left, |⟨*u*_{*k*}, *e*(*t*)⟩/⟨*u*_{*k*}, *e*(0)⟩|, of the error on the training points along eigendirections *u*_{*k*} of *K*, of eigenvalues ${places
        .map((place) => `*λ*_{${indices[place]}} = ${formatNumber(eigenvalues[place])}`)
        .join(
          ', ',
        )} of *K*/*n*: network (fine), linear model (broad) and the theory’s (1 − *ηλ*_{*k*})^{*t*} (dotted). Below ${formatNumber(leastShare)} nothing is drawn.${
        omitted > 0
          ? ` ${formatCount(omitted)} of the ${formatCount(indices.length)} modes measured are not drawn, for want of room or of an error at the start.`
          : ''
      }`,
  };
}
