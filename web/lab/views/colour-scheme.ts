/**
 * Whether the page is dark on light or light on dark: as its theme says, else as the system has it. Asked of a computed
 * style, in the middle of a drawing, it would cost the styles of all that was drawn before.
 */
export function currentScheme(): 'light' | 'dark' {
  const theme = document.documentElement.dataset['theme'];
  if (theme === 'light' || theme === 'dark') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
