import { formatCount, formatNumber } from '../figures/format.ts';
import { notationToHtml } from '../figures/notation.ts';
import { accuracyWarning } from '../../src/experiment/accuracy.ts';
import type { Recording } from './recording.ts';

/** Mean squared difference of the outputs, as a share of the targets' mean square, up to which both are one. */
const agreement = 0.012;
/** The linear model is at its optimum when its loss is this close to it. */
const nearOptimum = 1.02;

/** What is to be seen, in a sentence, beside the losses at the cursor; their colours are the legend of every view. */
export class Caption {
  readonly element = document.createElement('section');
  readonly #story: HTMLElement;
  readonly #numbers: HTMLElement[];
  #told = '';

  constructor() {
    this.element.className = 'caption';
    this.element.setAttribute('aria-label', 'What is to be seen');
    this.element.innerHTML = `
      <p class="story"></p>
      <dl class="numbers">
        <div class="network"><dt>network loss</dt><dd>—</dd></div>
        <div class="linear"><dt>linear model loss</dt><dd>—</dd></div>
        <div class="discrepancy"><dt>${notationToHtml('squared difference')}</dt><dd>—</dd></div>
      </dl>`;
    this.#story = this.element.querySelector('.story')!;
    this.#numbers = [...this.element.querySelectorAll<HTMLElement>('dd')];
  }

  draw(recording: Recording, cursor: number): void {
    const train = recording.records.at(cursor)?.train;
    const values = [train?.losses.network, train?.losses.linear, train?.discrepancies.linear];
    this.#numbers.forEach((element, k) => (element.textContent = formatNumber(values[k])));
    const story = storyAt(recording, cursor);
    if (story === this.#told) return;
    this.#told = story;
    this.#story.innerHTML = `<span>${notationToHtml(story)}</span>`;
  }
}

function storyAt(recording: Recording, cursor: number): string {
  const { records, preparation, result } = recording;
  const record = records.at(cursor);
  if (!record) {
    return recording.phase === 'failed'
      ? 'This experiment could not be computed.'
      : 'Drawing data and weights, compiling the shaders …';
  }
  if (result?.status.kind === 'diverged' && cursor === records.length - 1) {
    const { model, step } = result.status;
    return `*Diverged.* The ${model} left every bound at step ${formatCount(step)}: the rate is too large.`;
  }
  const warning = cursor === records.length - 1 ? accuracyWarning(result?.accuracy) : undefined;
  if (warning) return `*Beyond float32.* ${warning}`;
  const { losses, discrepancies } = record.train;
  const optimum = preparation?.linearOptimum ?? null;
  if (record.step === 0) return '*At the start.* Both models are 0 everywhere, by their initialization.';
  const signal = 2 * Math.max(records[0].train.losses.network, 1e-12);
  const apart = discrepancies.linear / signal;
  const settled = optimum !== null && losses.linear <= nearOptimum * optimum;
  if (settled && losses.network < 0.97 * losses.linear) {
    return '*Later.* The linear model is at its optimum; the network goes on below it.';
  }
  if (apart < agreement) {
    const early = record.step <= (preparation?.horizon ?? Infinity);
    return `*${early ? 'Early' : 'Still together'}.* The network behaves like the linear model.`;
  }
  if (losses.network > 1.03 * losses.linear) {
    return '*Apart.* The network’s kernel is not the linear model’s, and it lags behind.';
  }
  if (settled) return '*Together.* The linear model is at its optimum, and the network close to it.';
  return apart < 4 * agreement
    ? '*Parting.* Small differences appear; the losses are still close.'
    : '*Parting.* The network is leaving the linear model.';
}
