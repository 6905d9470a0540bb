import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import globals from 'globals';
import tseslint from 'typescript-eslint';

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

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'results/',
      'reproduction*/',
      'claims*/',
      'bench/results/',
      '.gpu/',
      'shaders/gallery/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // There are no enums, and tsconfig.json admits none: to look for them costs a tenth of the whole.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Indices into typed arrays and regular expression groups known to match.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'shaders/**/*.ts', 'web/**/*.ts'],
    ignores: ['src/*.ts'], // the public API: it shows parts of every floor
    plugins: { boundaries },
    settings: {
      'boundaries/elements': [
        { type: 'shaders', pattern: 'shaders/**', partialMatch: false },
        { type: 'web', pattern: 'web/**', partialMatch: false },
        ...Object.keys(arrows)
          .filter((part) => !['shaders', 'web'].includes(part))
          .map((part) => ({ type: part, pattern: `src/${part}/**`, partialMatch: false })),
      ],
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
            ...Object.entries(arrows).map(([part, below]) => ({
              from: { element: { type: part } },
              allow: { to: { element: { types: { anyOf: [part, ...below] } } } },
            })),
          ],
        },
      ],
    },
  },
  {
    // Lists grow with the work, and arguments go onto the stack: some 125,000 of them overflow it.
    files: ['src/**/*.ts', 'shaders/**/*.ts', 'web/**/*.ts', 'bench/**/*.ts', '*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Math'] > SpreadElement",
          message:
            'Take leastOf, greatestOf or lengthOf of src/math/statistics.ts: they take a list of any length.',
        },
        {
          selector:
            'CallExpression[callee.property.name=/^(push|unshift|splice|fromCharCode|apply)$/] > SpreadElement',
          message:
            'Add the entries one by one, or by concat: a list of any length does not fit on the stack.',
        },
      ],
    },
  },
  {
    // The core runs in a page, a worker, Deno or Node alike: no DOM, nothing of Node.
    files: ['src/**/*.ts', 'shaders/**/*.ts'],
    ignores: ['src/node/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'navigator',
        'process',
        'Buffer',
        'localStorage',
      ],
      'no-restricted-imports': ['error', { patterns: ['node:*', 'puppeteer-core', 'vite'] }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
);
