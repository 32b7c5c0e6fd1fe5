// Figures of a page, drawn from the JSON inside them; each mark opens what is behind it, and the drawing can be saved.
import { chartOf, type Chart, type Drawing } from "./charts";
import { save } from "./save";

/** `<figure data-chart data-save-svg="..." data-save-png="..."><div class="canvas"></div><script type="application/json">…`. */
export async function figures(page: ParentNode): Promise<void> {
  for (const figure of page.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    const data = figure.querySelector('script[type="application/json"]');
    const canvas = figure.querySelector<HTMLElement>(".canvas");
    if (!data?.textContent || !canvas) continue;
    await draw(figure, canvas, JSON.parse(data.textContent) as Chart);
  }
}

/** Draws one chart and adds the buttons that save it. */
export async function draw(figure: HTMLElement, canvas: HTMLElement, chart: Chart): Promise<Drawing> {
  const drawing = await chartOf(canvas, chart);
  const tools = document.createElement("div");
  tools.className = "tools small saving";
  tools.append(
    button(figure.dataset.saveSvg ?? "SVG", () => save(drawing.svg(), `${chart.name}.svg`, "image/svg+xml")),
    button(figure.dataset.savePng ?? "PNG", () => void png(drawing.svg(), canvas).then((image) => save(image, `${chart.name}.png`, "image/png"))),
  );
  figure.querySelector(".saving")?.remove();
  canvas.after(tools);
  return drawing;
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

async function png(svg: string, canvas: HTMLElement): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const sheet = document.createElement("canvas");
  sheet.width = canvas.clientWidth * 2;
  sheet.height = canvas.clientHeight * 2;
  const context = sheet.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(image, 0, 0, sheet.width, sheet.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => sheet.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no image")))));
}
