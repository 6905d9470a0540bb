import { dirname, join, relative, sep } from 'node:path';

/**
 * The arrows of the house: what each part may import, besides itself. Everything points down, from the entry points to
 * the device; tests and benchmarks may import anything.
 */
const arrows = {
  math: [],
  gpu: [],
  shaders: ['math'],
  programs: ['gpu', 'shaders', 'math'],
  data: ['gpu', 'programs', 'shaders', 'math'],
  // The twins in float64 follow whole runs, and nothing that runs follows them.
  reference: ['math', 'shaders', 'programs', 'data', 'model', 'theory', 'experiment'],
  tuning: ['gpu', 'programs', 'shaders', 'math', 'jacobian'],
  // No network and no kernel of ours is known here: only products, and factors of Jacobians.
  spectral: ['gpu', 'programs', 'data', 'math'],
  jacobian: ['gpu', 'programs', 'spectral', 'math'],
  network: ['gpu', 'programs', 'data', 'math', 'jacobian', 'model'],
  kernel: ['gpu', 'programs', 'data', 'math', 'spectral', 'jacobian'],
  model: ['gpu', 'programs', 'data', 'math', 'jacobian'],
  theory: ['math', 'spectral', 'jacobian', 'network', 'kernel', 'model', 'data', 'gpu'],
  experiment: [
    'gpu',
    'programs',
    'tuning',
    'data',
    'math',
    'spectral',
    'jacobian',
    'network',
    'kernel',
    'model',
    'theory',
  ],
  web: ['gpu', 'experiment', 'data', 'math', 'theory', 'tuning', 'programs'],
  node: ['experiment', 'gpu', 'data', 'math', 'theory', 'tuning'],
};

/** The part that a file belongs to: its folder in src, else the top one; none where it is of the public API (src/*.ts). */
function partOf(path) {
  const folders = path.split(sep).slice(0, -1);
  return folders[0] === 'src' ? folders[1] : folders[0];
}

const importsPointDown = {
  meta: { type: 'problem' },
  create(context) {
    const file = relative(context.cwd, context.filename);
    const part = partOf(file);
    const allowed = arrows[part];
    if (!allowed) return {};
    function check({ source }) {
      if (!/^\..*(?<!\.json)$/.test(source?.value)) return; // a package, or data
      const imported = partOf(join(dirname(file), source.value));
      if (imported === part || allowed.includes(imported)) return;
      context.report({
        node: source,
        message: `${part} may import of ${allowed.join(', ') || 'nothing but itself'}; ${source.value} is of ${imported ?? 'the public API'}.`,
      });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

/** Lists grow with the work, and arguments go onto the stack: some 125,000 of them overflow it. */
const listsOffTheStack = {
  meta: { type: 'problem' },
  create: (context) => ({
    CallExpression({ callee, arguments: list }) {
      const spread = list.find(({ type }) => type === 'SpreadElement');
      if (!spread || callee.type !== 'MemberExpression') return;
      if (callee.object.name === 'Math') {
        const message =
          'Take leastOf, greatestOf or lengthOf of src/math/statistics.ts: they take a list of any length.';
        context.report({ node: spread, message });
      } else if (/^(push|unshift|splice|fromCharCode|apply)$/.test(callee.property.name)) {
        const message =
          'Add the entries one by one, or by concat: a list of any length does not fit on the stack.';
        context.report({ node: spread, message });
      }
    },
  }),
};

export default {
  meta: { name: 'house-rules' },
  rules: { 'imports-point-down': importsPointDown, 'lists-off-the-stack': listsOffTheStack },
};
