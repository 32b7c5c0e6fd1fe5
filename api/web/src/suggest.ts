// The search box: what fits is listed below it while one types (a combobox after the ARIA practices).

interface Found {
  label: string;
  note: string;
  href: string;
}

/** `<input data-suggest="/search.json?...">` inside a `.search` form. */
export function suggestions(page: ParentNode): void {
  for (const box of page.querySelectorAll<HTMLInputElement>("input[data-suggest]")) suggest(box, box.dataset.suggest ?? "");
}

function suggest(box: HTMLInputElement, address: string): void {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${box.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.listLabel ?? "");
  list.hidden = true;
  box.closest(".search")?.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]] as const) {
    box.setAttribute(name, value);
  }
  box.autocomplete = "off";

  let found: Found[] = [];
  let chosen = -1;
  let asked = 0;
  let timer = 0;

  const close = (): void => show([]);
  const mark = (index: number): void => {
    chosen = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${list.id}-${index}`);
    list.children[index]?.scrollIntoView({ block: "nearest" });
  };
  const show = (next: Found[]): void => {
    // What was chosen stays chosen where a later answer has it too.
    const before = found[chosen]?.href;
    found = next;
    list.replaceChildren(...found.map((entry, index) => option(entry, `${list.id}-${index}`)));
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(before === undefined ? -1 : found.findIndex((entry) => entry.href === before));
  };
  const ask = async (): Promise<void> => {
    const number = ++asked;
    const text = box.value.trim();
    if (!text) return close();
    const joint = address.includes("?") ? "&" : "?";
    const response = await fetch(`${address}${joint}q=${encodeURIComponent(text)}&limit=8`);
    if (!response.ok || number !== asked) return;
    const answer = (await response.json()) as { results: Found[]; questions: Found[] };
    if (number === asked && document.activeElement === box) show([...answer.results, ...answer.questions]);
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 120);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(((chosen + 1 + step + found.length + 1) % (found.length + 1)) - 1);
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      const entry = found[chosen];
      if (!entry) return;
      event.preventDefault();
      location.assign(entry.href);
    }
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    const item = (event.target as Element).closest("li");
    const entry = item ? found[[...list.children].indexOf(item)] : undefined;
    if (entry) location.assign(entry.href);
  });
}

function option(entry: Found, id: string): HTMLLIElement {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  const note = document.createElement("small");
  note.textContent = entry.note;
  const label = document.createElement("span");
  label.textContent = entry.label;
  item.append(label, note);
  return item;
}
