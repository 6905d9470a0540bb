/** What a node of a formula does; φ is made of the first rows, its derivatives need the last. */
export type Operation =
  | 'number'
  | 'x'
  | 'z' // the two arguments of a difference, and
  | 'other'
  | 'gap' // z − other, which has digits of its own
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'negate'
  | 'abs'
  | 'max'
  | 'min'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'power' // a^value for a ≥ 0
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'erf'
  | 'sigmoid'
  | 'softplus'
  | 'sech2' // tanh′
  | 'bell' // erf′
  | 'sigmoidPrime'
  | 'choose'; // (a, b, less, greater, equal)

export interface Node {
  readonly op: Operation;
  readonly args: readonly Node[];
  /** Of a number, or the exponent of a power. */
  readonly value: number;
  readonly id: number;
}
