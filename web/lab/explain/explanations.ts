/** What a view shows, for somebody who sees it for the first time: three sentences and the formula, in the house's markup. */
export interface Explanation {
  sentences: readonly [string, string, string];
  formula: string;
}

/** By the ids of the views. */
export const explanations: Readonly<Record<string, Explanation>> = {
  loss: {
    sentences: [
      'The loss is half the mean square error, of the network in blue and of the linear model in orange, on training points and on new ones.',
      'Up to *T* the theorem keeps the two curves together; then the linear model rests at its optimum, the thin line, and the network may go on.',
      'Where only the training curve falls below that line, what the network learns there is of its training points and not of the target.',
    ],
    formula: '*L*(*t*) = ‖*u*_{*t*} − *y*‖²/(2*n*)',
  },
  scatter: {
    sentences: [
      'Each dot is one input: across what the linear model says of it at this step, up what the network says.',
      'On the dashed diagonal both say the same, as the theorem has it for *t* ≤ *T*; the spread around it is the discrepancy.',
      'The colour is the target, so that both axes can be seen to sort the two classes.',
    ],
    formula: '*f*_{*t*}(*x*) against *f*_{lin,*t*}(*x*) = *ψ*(*x*)ᵀ*β*_{*t*}',
  },
  discrepancy: {
    sentences: [
      'The discrepancy is the mean square of the difference between the two models, on the training points and on new ones.',
      'The theorem bounds it for all *t* ≤ *T* at once, by a power of *d* that falls: it is small early, and smaller the larger *d*, *n* and *m* are.',
      'Both models begin at 0, and so does the curve; what it does after *T* the theorem leaves open.',
    ],
    formula: '⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩ ≲ *d*^{−Ω(*α*)} for *t* ≤ *T* = *c* · *d* log *d*/*η*',
  },
  outputs: {
    sentences: [
      'Outputs of both models on a few single points, one colour a point, with their targets at the right edge.',
      'Early on, the network, solid, follows the linear model, dashed, point by point, and not only on average.',
      'Later the network may turn towards targets that the linear model cannot reach.',
    ],
    formula: '*f*_{*t*}(*x*_{*i*}) and *f*_{lin,*t*}(*x*_{*i*}) over *t*',
  },
  fields: {
    sentences: [
      'Both functions on a random plane through 0, with the circle on which the data lie in high dimension.',
      'On the circle the theorem speaks: where its conditions are met both agree there early, and the difference is pale.',
      'Inside and outside of it they may differ at any time, for no data are there (claim 10).',
    ],
    formula: '*f*_{*t*}(*x*) and *f*_{lin,*t*}(*x*), *x* = √*d*(*au* + *bv*), *u* ⊥ *v*',
  },
  shell: {
    sentences: [
      'The theorems are about inputs with ‖*x*‖ ≈ √*d*; here both functions are followed along other lengths, *s*√*d*, in random directions.',
      'What is drawn as a share is their mean squared difference on each sphere, over the mean square of the larger of the two there.',
      'Nothing holds the two together inside and outside of the shell *s* = 1, where there may be no data: claim 10 asks whether they do differ there.',
    ],
    formula:
      '⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩/max(⟨*f*_{*t*}²⟩, ⟨*f*_{lin,*t*}²⟩) over ‖*x*‖ = *s*√*d*, 0 ≤ *s* ≤ 4',
  },
  kernels: {
    sentences: [
      'How much a step on point *j* moves the output on point *i* is the kernel entry *Θ*_{*ij*}; the training is driven by nothing else.',
      'In high dimension inner products of different points are small, where every smooth function of them is nearly a straight line: the cloud lies along *K*, the line of the linear model.',
      'Only the diagonal, at ⟨*x*, *x*⟩/*d* ≈ 1, stands off the line, and a diagonal is small in the norm that counts.',
    ],
    formula: '‖*Θ* − *K*‖ ≲ *n*/*d*^{1+*α*} beside ‖*K*‖ of order *n*/*d*',
  },
  spectrum: {
    sentences: [
      'The eigenvalues of a kernel are the speeds at which the directions of the error are learned.',
      'The kernel of the linear model has *d* of them; in high dimension the network’s has nearly the same, and behind them lies a cliff.',
      'Along the small ones beyond it the network learns later, by a factor of about *d*: that is what makes early training linear.',
    ],
    formula:
      '*λ*_{*k*}(*Θ*)/*n* ≈ *λ*_{*k*}(*K*)/*n* for *k* ≤ *d*; error left along *k*: (1 − *ηλ*_{*k*})^{*t*}',
  },
  modes: {
    sentences: [
      'The error of each model, taken apart along eigendirections of *K*, as a share of what it began with.',
      'At a stable rate the linear model’s falls geometrically along each one, as the dotted line of the theory says; the largest eigenvalue goes first.',
      'Where the network leaves its line, the direction says whether its kernel differed or had moved.',
    ],
    formula: '⟨*q*_{*k*}, *u*_{*t*} − *y*⟩ = (1 − *ηλ*_{*k*})^{*t*}⟨*q*_{*k*}, −*y*⟩',
  },
  learned: {
    sentences: [
      'A target of known directions is a sum of parts of degree 1, 2, 3; each curve is the share of one part that the network has learned.',
      'In high dimension the linear part comes first, within the time of the theorem: it is all that the linear model can see.',
      'Parts of higher degree come later there, or not at all: simple first, complex later (claim 16).',
    ],
    formula: 'share = E[*f*_{*t*} *h*_{*k*}(*b*ᵀ*x*)]/E[*y* *h*_{*k*}(*b*ᵀ*x*)]',
  },
  grow: {
    sentences: [
      'The theorem is about large *d*: here *d* doubles three times, and the width and the number of points grow with it.',
      'Each dot is a run up to *T*, and its height the largest discrepancy on the way; on logarithmic axes a power of *d* is a line.',
      'If the line falls, the two models agree the better the higher the dimension: this is what the theorem says, and no single run can show it.',
    ],
    formula: 'max_{*t* ≤ *T*} ⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩ ∝ *d*^{*p*}, *p* < 0',
  },
  compare: {
    sentences: [
      'Two experiments beside each other: A is the one before, or one that is kept, and B the one on the screen.',
      'In each chart the other one is drawn in grey, so that both have the same axes.',
      'What differs between the two is listed above: change one thing at a time to see what it does.',
    ],
    formula: '*L*_{A}(*t*), *L*_{B}(*t*)',
  },
  movement: {
    sentences: [
      'How far the parameters have moved from their random start, in blue, and those of the linear model in orange.',
      'While the network stays in the ball of radius *R*, its kernel moves little, which the proof uses.',
      'That is not the same as not learning: many small moves add up in the outputs.',
    ],
    formula: '‖*W*(*t*) − *W*(0)‖ ≲ *R* = √(*d* log *d*)',
  },
  weights: {
    sentences: [
      'Rows of the first layer as images, where the inputs are images: at the start, at the end, and what moved.',
      'Early movement is along what the linear model sees: the mean of the inputs of each class.',
      'Units begin in pairs that are alike, with opposite weights in the second layer.',
    ],
    formula: '*w*_{*r*}(0), *w*_{*r*}(*t*), *w*_{*r*}(*t*) − *w*_{*r*}(0)',
  },
  claims: {
    sentences: [
      'Everything that the paper claims, with what was measured of it in this experiment.',
      'A bar says how the measured value stands to the right-hand side, whose constant the paper leaves open.',
      'A row opens to the statement, its conditions, and every number.',
    ],
    formula: 'measured ≤ constant · right-hand side',
  },
};
