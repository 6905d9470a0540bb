/** A formula, φ in plain TypeScript, and where φ′ jumps. */
export interface FormulaCase {
  text: string;
  phi: (x: number) => number;
  kinks?: readonly number[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const multiplesOfPi = Array.from({ length: 21 }, (_, k) => (k - 10) * Math.PI);

/** What users write, by hand in another form where there is one. */
export const formulas: readonly FormulaCase[] = [
  { text: 'x', phi: (x) => x },
  { text: '2*x - 1', phi: (x) => 2 * x - 1 },
  { text: 'x*sigmoid(x)', phi: (x) => x * sigmoid(x) },
  { text: 'x*sigmoid(1.702*x)', phi: (x) => x * sigmoid(1.702 * x) },
  { text: 'x/(1+exp(-x))', phi: (x) => x * sigmoid(x) },
  { text: '1/(exp(-2*x)+1)', phi: (x) => sigmoid(2 * x) },
  { text: 'max(x,0)', phi: (x) => (x > 0 ? x : 0), kinks: [0] },
  { text: 'max(0.1*x,x)', phi: (x) => (x > 0 ? x : x / 10), kinks: [0] },
  { text: 'min(x, 2*x)', phi: (x) => (x > 0 ? x : 2 * x), kinks: [0] },
  { text: 'abs(x)', phi: Math.abs, kinks: [0] },
  { text: '(x + abs(x))/2', phi: (x) => (x > 0 ? x : 0), kinks: [0] },
  { text: 'sqrt(x^2)', phi: Math.abs, kinks: [0] },
  { text: 'min(max(x,-1),1)', phi: (x) => (x < -1 ? -1 : x > 1 ? 1 : x), kinks: [-1, 1] },
  { text: 'max(x, x^2)', phi: (x) => (x > 0 && x < 1 ? x : x * x), kinks: [0, 1] },
  { text: 'max(x,0)^2', phi: (x) => (x > 0 ? x * x : 0) },
  { text: 'max(x,0)+min(exp(x)-1,0)', phi: (x) => (x > 0 ? x : Math.expm1(x)) },
  { text: 'abs(sin(x))', phi: (x) => Math.abs(Math.sin(x)), kinks: multiplesOfPi },
  { text: 'abs(x)^1.5', phi: (x) => Math.sqrt(Math.abs(x)) * Math.abs(x) },
  { text: 'abs(abs(x)-1)', phi: (x) => Math.abs(Math.abs(x) - 1), kinks: [-1, 0, 1] },
  { text: 'log(1+exp(x))', phi: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  { text: 'log(exp(x)+exp(-x))', phi: (x) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) },
  { text: 'log(1+x^2)', phi: (x) => Math.log1p(x * x) },
  { text: 'log(3+cos(x))', phi: (x) => Math.log(3 + Math.cos(x)) },
  { text: 'tanh(x)', phi: Math.tanh },
  { text: 'tanh(5*x)', phi: (x) => Math.tanh(5 * x) },
  { text: 'tanh(50*x)', phi: (x) => Math.tanh(50 * x) },
  { text: 'tanh(x)^3', phi: (x) => Math.tanh(x) ** 3 },
  { text: '(exp(x)-exp(-x))/(exp(x)+exp(-x))', phi: Math.tanh },
  { text: '1/(1+x^2)', phi: (x) => 1 / (1 + x * x) },
  { text: '1/(1+100*x^2)', phi: (x) => 1 / (1 + 100 * x * x) },
  { text: 'x/(1+abs(x))', phi: (x) => x / (1 + Math.abs(x)) },
  { text: 'x/sqrt(1+x^2)', phi: (x) => x / Math.hypot(1, x) },
  { text: 'sqrt(1+x^2)', phi: (x) => Math.hypot(1, x) },
  { text: '(1+x^2)^0.3', phi: (x) => Math.exp(0.3 * Math.log1p(x * x)) },
  { text: '(1+x^2)^-0.5', phi: (x) => 1 / Math.hypot(1, x) },
  { text: 'exp(-x^2/2)', phi: (x) => Math.exp((-x * x) / 2) },
  { text: 'exp(-1000*(x-0.3)^2)', phi: (x) => Math.exp(-1000 * (x - 0.3) ** 2) },
  { text: 'exp(x)', phi: Math.exp },
  { text: 'e^x - 1', phi: Math.expm1 },
  { text: '2^x', phi: (x) => 2 ** x },
  { text: '2^-x^2', phi: (x) => 2 ** -(x * x) },
  { text: 'x^3', phi: (x) => x ** 3 },
  { text: '-x^2', phi: (x) => -(x * x) },
  { text: 'sin(x)+x', phi: (x) => Math.sin(x) + x },
  { text: 'sin(30*x)', phi: (x) => Math.sin(30 * x) },
  { text: 'cos(3*x)', phi: (x) => Math.cos(3 * x) },
  { text: 'x + sin(x)^2/2', phi: (x) => x + (1 - Math.cos(2 * x)) / 4 },
  {
    text: 'x*tanh(log(1+exp(x)))',
    phi: (x) => (x * ((1 + Math.exp(x)) ** 2 - 1)) / ((1 + Math.exp(x)) ** 2 + 1),
  },
  { text: 'sigmoid(x)*(1+x*(1-sigmoid(x)))', phi: (x) => sigmoid(x) + x * sigmoid(x) * sigmoid(-x) },
  { text: 'cos(x)*exp(-x^2/8)', phi: (x) => Math.cos(x) * Math.exp((-x * x) / 8) },
  {
    text: 'max(min(x, 1), tanh(x), -0.5)',
    phi: (x) => Math.max(Math.min(x, 1), Math.tanh(x), -0.5),
    kinks: [-Math.atanh(0.5), 1],
  },
  { text: 'pi*x/4', phi: (x) => (Math.PI / 4) * x },
];
