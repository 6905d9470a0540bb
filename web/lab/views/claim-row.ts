import type { Claim, ClaimMeasurement, Quantity } from '../../../src/theory/claim.ts';
import { formatGiven, formatNumber } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { relationSigns } from '../../figures/relations.ts';
import type { Recording } from '../recording.ts';
import { claimDetail } from './claim-detail.ts';
import { type Word, decidingQuantity, lookOf, measurementOf, whyNotMeasured } from './claim-words.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { ratioBar } from './ratio-bar.ts';

/** A claim in one line, which opens to all of it. */
export class ClaimRow {
  readonly element = htmlElement('li', 'claim');
  readonly #claim: Claim;
  readonly #button = htmlElement('button', 'claim-line');
  readonly #formula = htmlElement('span', 'claim-formula');
  readonly #measured = htmlElement('span', 'claim-measured');
  readonly #bar = htmlElement('span', 'claim-bar');
  readonly #word = htmlElement('span', 'word');
  readonly #panel = htmlElement('div', 'claim-panel');
  /** Whether the panel holds what is known. */
  #told = false;
  #shown: { measurement: ClaimMeasurement | undefined; why: string } | null = null;

  constructor(claim: Claim) {
    this.#claim = claim;
    this.#panel.id = `claim-panel-${claim.number}`;
    this.#panel.hidden = true;
    this.#button.type = 'button';
    this.#button.setAttribute('aria-expanded', 'false');
    this.#button.setAttribute('aria-controls', this.#panel.id);
    this.#button.append(
      htmlElement('span', 'claim-number', String(claim.number)),
      htmlElement(
        'span',
        'claim-name',
        htmlMarked('span', 'claim-title', notationToHtml(claim.title)),
        this.#formula,
      ),
      this.#measured,
      this.#bar,
      htmlElement('span', 'claim-word', this.#word),
    );
    this.#button.addEventListener('click', () => this.#toggle());
    this.element.append(this.#button, this.#panel);
  }

  /** The statement as a formula, of those by the claims' numbers. */
  setFormula(formulas: Readonly<Record<string, string>>): void {
    this.#formula.innerHTML = formulas[this.#claim.number];
  }

  draw(recording: Recording): Word {
    const measurement = measurementOf(recording, this.#claim);
    const why = measurement ? '' : whyNotMeasured(recording, this.#claim);
    const word = measurement?.verdict ?? 'not measured';
    if (this.#shown?.measurement !== measurement || this.#shown?.why !== why) {
      this.#shown = { measurement, why };
      this.#fill(word);
    }
    return word;
  }

  #fill(word: Word): void {
    const { measurement, why } = this.#shown!;
    const look = lookOf[word];
    this.element.className = `claim claim-${look}`;
    this.#word.className = `word word-${look}`;
    this.#word.textContent = word;
    this.#button.title = why;
    const quantity = measurement && decidingQuantity(measurement);
    // Of several it has to be said which one it is.
    const several = (measurement?.quantities.length ?? 0) > 1;
    this.#measured.innerHTML = quantity
      ? `${several ? `<span class="claim-symbol">${notationToHtml(quantity.symbol)}</span>` : ''}<b>${formatNumber(quantity.value)}</b>${
          quantity.bound ? `<span class="claim-bound">${allowed(quantity, quantity.bound.value)}</span>` : ''
        }`
      : '';
    this.#bar.replaceChildren(
      ...(quantity?.bound && quantity.relation !== 'beside' ? [ratioBar(quantity, look)] : []),
    );
    this.#told = false;
    if (!this.#panel.hidden) this.#tell();
  }

  #toggle(): void {
    const open = this.#panel.hidden;
    this.#panel.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
    if (open) this.#tell();
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    const { measurement, why } = this.#shown ?? { measurement: undefined, why: '' };
    this.#panel.replaceChildren(...claimDetail(this.#claim, measurement, why));
  }
}

/** "≲ 4 × 0.462": what the claim allows, with the constant that is granted where it is not 1. */
function allowed({ relation, constant }: Quantity, bound: number): string {
  const given = constant === 1 || relation === 'beside' ? '' : `${formatGiven(constant)} × `;
  // Of the order of, and at least, may be off by it downwards.
  const factor = relation === 'shows' || relation === 'at least' ? given.replace(' ×', '⁻¹ ×') : given;
  return `${relationSigns[relation]} ${factor}${formatNumber(bound)}`;
}
