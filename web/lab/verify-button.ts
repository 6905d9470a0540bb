/** A button whose dialog, and all that verifies, is loaded when it is pressed. */
export function createVerifyButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'verify';
  button.textContent = 'Verify …';
  button.title = 'Hold every program to its error bounds on this GPU';
  button.setAttribute('aria-haspopup', 'dialog');
  button.addEventListener('click', () => {
    void import('./verify-dialog.ts').then(({ showVerifyDialog }) => showVerifyDialog(button));
  });
  return button;
}
