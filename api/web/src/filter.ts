// A box that hides the items of a list that do not hold all words typed.

/** `<input data-filter="#list" data-count="#id">`: every `[data-words]` in the list is shown or hidden; empty sections hide too. */
export function filters(page: ParentNode): void {
  for (const box of page.querySelectorAll<HTMLInputElement>("input[data-filter]")) {
    const list = document.querySelector(box.dataset.filter ?? "");
    if (!list) continue;
    const items = [...list.querySelectorAll<HTMLElement>("[data-words]")];
    box.addEventListener("input", () => filter(box, list, items));
    if (box.value) filter(box, list, items);
  }
}

function filter(box: HTMLInputElement, list: Element, items: HTMLElement[]): void {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    const text = (item.dataset.words ?? "").toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  for (const section of list.querySelectorAll<HTMLElement>("[data-section]")) {
    section.hidden = !section.querySelector("[data-words]:not([hidden])");
  }
  const count = document.querySelector(box.dataset.count ?? "#none");
  if (count) count.textContent = String(shown);
}
