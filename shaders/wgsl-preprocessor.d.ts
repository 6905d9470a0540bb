/** The package names no entry point, so its file is imported by path. */
declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** WGSL text with #if ${condition} / #elif ${condition} / #else / #endif resolved. */
  export function wgsl(strings: TemplateStringsArray, ...values: unknown[]): string;
}
