/** HTML of each formula by its number: see formulas-plugin.ts. */
declare module '*.tex' {
  const formulas: Readonly<Record<string, string>>;
  export default formulas;
}

declare module '*.css';
