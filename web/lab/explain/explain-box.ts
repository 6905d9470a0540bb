import { notationToHtml } from '../../figures/notation.ts';
import { htmlElement, htmlMarked } from '../views/html-element.ts';

/** "Explain this" under a view; what it says is loaded when somebody opens it. */
export function explainBox(id: string): HTMLElement {
  const box = htmlElement('details', 'explain', htmlElement('summary', '', 'Explain this'));
  const fill = async (): Promise<void> => {
    const { explanations } = await import('./explanations.ts');
    const { sentences, formula } = explanations[id];
    box.append(
      htmlMarked('p', '', notationToHtml(sentences.join(' '))),
      htmlMarked('p', 'explain-formula', notationToHtml(formula)),
    );
  };
  box.addEventListener('toggle', () => void fill(), { once: true });
  return box;
}
