/**
 * What a view shows, for somebody who sees it for the first time, and the formula, in the house's markup. The sentences are of
 * every experiment: what is drawn, what the theory says of it, and a question to this one.
 */
export interface Explanation {
  sentences: readonly [string, string, string];
  formula: string;
}

/** By the ids of the views. */
export const explanations: Readonly<Record<string, Explanation>> = {
  loss: {
    sentences: [
      'The loss is half the mean square error, of the network in blue and of the linear model in orange, on training points and, dashed, on new ones.',
      'Where its assumptions hold, the theorem keeps the two curves together up to *T*; on the training points the linear model cannot come below the thin line, its optimum.',
      'Does the network go below that line, and on new points, too, or has it learned its training points by heart?',
    ],
    formula: '*L*(*t*) = ‖*u*_{*t*} − *y*‖²/(2*n*)',
  },
  scatter: {
    sentences: [
      'Each dot is one input, coloured by its target: across what the linear model says of it at this step, up what the network says.',
      'On the dashed diagonal both say the same, as the theorem has it for *t* ≤ *T* where its assumptions hold; the spread around it is the discrepancy.',
      'Do the dots leave the diagonal, and which targets are theirs that leave it first?',
    ],
    formula: '*f*_{*t*}(*x*) against *f*_{lin,*t*}(*x*) = *ψ*(*x*)ᵀ*β*_{*t*}',
  },
  discrepancy: {
    sentences: [
      'The discrepancy is the mean square of the difference between the two models, on the training points and on new ones.',
      'Where its assumptions hold, the theorem bounds it for all *t* ≤ *T* at once, by a power of *d* that falls as *d* grows, and *n* and *m* with it.',
      'Both models begin at 0, and so does the curve: how large is it at *T*, and what does it do after, which the theorem leaves open?',
    ],
    formula: '⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩ ≲ *d*^{−Ω(*α*)} for *t* ≤ *T* = *c* · *d* log *d*/*η*',
  },
  outputs: {
    sentences: [
      'Outputs of both models on a few single points, one colour a point, with their targets at the right edge.',
      'What the theorem bounds up to *T* is the mean over the points of the squared difference between the network, solid, and the linear model, dashed.',
      'Do the two keep together on every single point, and on which do they part first?',
    ],
    formula: '*f*_{*t*}(*x*_{*i*}) and *f*_{lin,*t*}(*x*_{*i*}) over *t*',
  },
  fields: {
    sentences: [
      'Both functions on a random plane through 0, with the circle ‖*x*‖ = √*d*, near which inputs lie in high dimension.',
      'On the circle the theorem speaks: where its conditions are met both agree there up to *T*, and the difference is pale.',
      'Inside and outside of it the theorem says nothing: do the two differ there, and from when on (claim 10)?',
    ],
    formula: '*f*_{*t*}(*x*) and *f*_{lin,*t*}(*x*), *x* = √*d*(*au* + *bv*), *u* ⊥ *v*',
  },
  shell: {
    sentences: [
      'The theorems are about inputs with ‖*x*‖ ≈ √*d*; here both functions are followed along other lengths, *s*√*d*, in random directions.',
      'What is drawn as a share is their mean squared difference on each sphere, over the mean square of the larger of the two there.',
      'Nothing holds the two together inside and outside of the shell *s* = 1, where there may be no data: do they differ there (claim 10)?',
    ],
    formula:
      '⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩/max(⟨*f*_{*t*}²⟩, ⟨*f*_{lin,*t*}²⟩) over ‖*x*‖ = *s*√*d*, 0 ≤ *s* ≤ 4',
  },
  kernels: {
    sentences: [
      'How much a step on point *j* moves the output on point *i* is the kernel entry *Θ*_{*ij*}; the training is driven by nothing else.',
      'In high dimension inner products of different points are small, where every smooth function of them is nearly a straight line: *K*, that of the linear model.',
      'How near to the line does the cloud lie, and does the diagonal, at ⟨*x*, *x*⟩/*d* ≈ 1, stand off it?',
    ],
    formula: '‖*Θ* − *K*‖ ≲ *n*/*d*^{1+*α*} beside ‖*K*‖ of order *n*/*d*',
  },
  spectrum: {
    sentences: [
      'The eigenvalues of a kernel are the speeds at which the directions of the error are learned.',
      'The kernel of the linear model has no more that are not 0 than it has features, a few beside the *d* inputs; in high dimension the network’s largest are nearly the same.',
      'How deep is the cliff behind them, and by what factor does the network learn more slowly beyond it?',
    ],
    formula:
      '*λ*_{*k*}(*Θ*)/*n* ≈ *λ*_{*k*}(*K*)/*n* for *k* ≤ *d*; error left along *k*: (1 − *ηλ*_{*k*})^{*t*}',
  },
  modes: {
    sentences: [
      'The error of each model, taken apart along eigendirections of *K*, as a share of what it began with.',
      'At a rate below *n*/‖*K*‖ the linear model’s falls geometrically along each one, as the dotted line of the theory says, the faster the larger the eigenvalue.',
      'Along which direction does the network leave that line first, and because its kernel differed, or because it had moved?',
    ],
    formula: '⟨*q*_{*k*}, *u*_{*t*} − *y*⟩ = (1 − *ηλ*_{*k*})^{*t*}⟨*q*_{*k*}, −*y*⟩',
  },
  learned: {
    sentences: [
      'A target of known directions is a sum of parts by their degree; each curve is the share of one part that the network has learned.',
      'In high dimension, says claim 16, the linear part, all that the linear model can see, is learned within the time of the theorem, and parts of higher degree later.',
      'Do the curves rise in the order of their degrees here, simple first, complex later?',
    ],
    formula: 'share = E[*f*_{*t*} *h*_{*k*}(*b*ᵀ*x*)]/E[*y* *h*_{*k*}(*b*ᵀ*x*)]',
  },
  grow: {
    sentences: [
      'The theorem is about large *d*: here *d* doubles three times, and the width and the number of points grow with it.',
      'Each dot is a run up to *T*, and its height the largest discrepancy on the way; on logarithmic axes a power of *d* is a line.',
      'Does the line fall, so that the two models agree the better the higher the dimension, which no single run can show?',
    ],
    formula: 'max_{*t* ≤ *T*} ⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩ ∝ *d*^{*p*}, *p* < 0',
  },
  compare: {
    sentences: [
      'Two experiments beside each other: A is the one before, or one that is kept, and B the one on the screen.',
      'In each chart the other one is drawn in grey, so that both have the same axes.',
      'What differs between the two is listed above: if you change one thing at a time, what does each of them do?',
    ],
    formula: '*L*_{A}(*t*), *L*_{B}(*t*)',
  },
  movement: {
    sentences: [
      'How far the parameters have moved from their random start, in blue, and those of the linear model in orange.',
      'Within a ball of radius *R*, but for a constant, the proof keeps the kernel of a wide network nearly still.',
      'That is not the same as not learning, since many small moves add up: how low is the loss when the network leaves the ball?',
    ],
    formula: '‖*W*(*t*) − *W*(0)‖ ≲ *R* = √(*d* log *d*)',
  },
  weights: {
    sentences: [
      'Rows of the first layer as images, where the inputs are images: at the start, at the end, and what moved.',
      'Units begin in pairs that are alike, with opposite weights in the second layer; one of each pair is drawn.',
      'Is the movement along what the linear model sees, the mean of the inputs of each class?',
    ],
    formula: '*w*_{*r*}(0), *w*_{*r*}(*t*), *w*_{*r*}(*t*) − *w*_{*r*}(0)',
  },
  claims: {
    sentences: [
      'Everything that the paper claims, with what was measured of it in this experiment; a row opens to the statement, its conditions, and every number.',
      'A bar says how the measured value stands to the right-hand side, whose constant the paper leaves open.',
      'Which claims hold here, and of which are the conditions not met?',
    ],
    formula: 'measured ≤ constant · right-hand side',
  },
};
