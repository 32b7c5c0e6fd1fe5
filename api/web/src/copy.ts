// Buttons that put text on the clipboard and say so.

/** `<button data-copy="text">` or `<button data-copy-from="#id">`; `data-done` is what the button says afterwards. */
export function copies(page: ParentNode): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-copy], button[data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
  const text = source?.textContent ?? button.dataset.copy ?? "";
  const before = button.textContent;
  await write(text);
  button.textContent = button.dataset.done ?? before;
  setTimeout(() => (button.textContent = before), 1600);
}

/** The clipboard, also on a page that is not served over HTTPS. */
export async function write(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
