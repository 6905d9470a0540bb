import type { View } from '../recording.ts';
import { currentScheme } from './colour-scheme.ts';
import { htmlElement } from './html-element.ts';
import { LiveView } from './live-view.ts';

/** The first layer's weights as images, where they are, once the experiment has ended. What draws them is loaded then. */
export function createWeightsView(): View {
  const box = htmlElement('div', 'weights');
  // What scrolls sideways has to be reached by the keyboard, too.
  box.tabIndex = 0;
  const note = htmlElement('p', 'view-note');
  const element = htmlElement('section', 'view view-weights', box, note);
  element.setAttribute('aria-label', 'Weights of the first layer');
  let drawing = 0;
  return new LiveView(element, ({ result }) => {
    const mine = ++drawing;
    const images = result?.firstLayer;
    if (images) {
      void import('./weights-grid.ts').then(({ drawWeights }) => {
        if (mine === drawing) drawWeights(box, note, images, currentScheme());
      });
      return;
    }
    box.replaceChildren();
    note.textContent =
      'Here the weights of the first layer are drawn when an experiment has ended whose inputs are images, or whose layers convolve.';
  });
}
