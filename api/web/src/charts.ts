// A chart as data, turned into a drawing. What a chart is: see `Chart`; the pages write it as JSON, the workbench makes it from results.
import { BarChart, GraphChart, HeatmapChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { districts } from "./districts";

/** A value with the address that a click on its mark opens. */
export interface Mark {
  value: number;
  href?: string | null;
}
interface Named {
  /** The stem of the file when it is saved. */
  name: string;
  /** What the numbers count. */
  unit?: string;
}
export interface Bars extends Named {
  kind: "bar" | "line";
  categories: string[];
  series: { name: string; values: (number | Mark | null)[] }[];
  horizontal?: boolean;
  stacked?: boolean;
}
export interface Points extends Named {
  kind: "scatter";
  points: { x: number; y: number; label: string; href?: string | null }[];
  axes: [string, string];
}
export interface Heat extends Named {
  kind: "heatmap";
  columns: string[];
  rows: string[];
  cells: { column: number; row: number; value: number; href?: string | null }[];
}
export interface Network extends Named {
  kind: "network";
  nodes: { id: string; label: string; size?: number; category?: string; href?: string | null }[];
  edges: { from: string; to: string; weight?: number; label?: string; href?: string | null }[];
  directed?: boolean;
}
export interface Districts extends Named {
  kind: "map";
  /** `code` is the GB/T 2260 code of a district of Shanghai, six digits. */
  areas: { code: string; label: string; value: number; href?: string | null }[];
}
export type Chart = Bars | Points | Heat | Network | Districts;

export interface Drawing {
  svg(): string;
  end(): void;
}

echarts.use([BarChart, LineChart, ScatterChart, HeatmapChart, GraphChart, MapChart, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

type Option = echarts.EChartsCoreOption;
type Looks = { ink: string; soft: string; rule: string; sheet: string; faint: string; palette: string[] };

/** Draws the chart in the element and keeps it fitting. */
export async function chartOf(element: HTMLElement, chart: Chart): Promise<Drawing> {
  if (chart.kind === "map" && !echarts.getMap("shanghai")) echarts.registerMap("shanghai", await districts());
  echarts.getInstanceByDom(element)?.dispose();
  element.replaceChildren();
  const drawn = echarts.init(element, null, { renderer: "svg" });
  drawn.setOption({ ...common(looks()), ...optionOf(chart, looks()) });
  drawn.on("click", (event) => {
    const href = (event.data as { href?: string | null } | undefined)?.href;
    if (href && /^(https?:\/\/|mailto:|\/(?!\/)|[?#])/i.test(href)) location.assign(href);
  });
  const observer = new ResizeObserver(() => {
    // An element that left the page has no size, which maps cannot be drawn in.
    if (!element.isConnected) return end();
    if (element.clientHeight) drawn.resize();
  });
  const end = (): void => {
    observer.disconnect();
    drawn.dispose();
  };
  observer.observe(element);
  return { svg: () => drawn.renderToSVGString(), end };
}

function looks(): Looks {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const palette = ["red", "link", "good", "theme", "platform", "place", "organisation", "milestone"].map(of);
  return { ink: of("ink"), soft: of("soft"), rule: of("rule"), sheet: of("sheet"), faint: of("faint"), palette };
}

function common(look: Looks): Option {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    color: look.palette,
    textStyle: { color: look.ink, fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: look.sheet, borderColor: look.rule, textStyle: { color: look.ink } },
  };
}

function optionOf(chart: Chart, look: Looks): Option {
  switch (chart.kind) {
    case "bar":
    case "line":
      return bars(chart, look);
    case "scatter":
      return points(chart, look);
    case "heatmap":
      return heat(chart, look);
    case "network":
      return network(chart, look);
    case "map":
      return map(chart, look);
  }
}

const axisLooks = (look: Looks): Option => ({
  axisLabel: { color: look.ink },
  axisLine: { lineStyle: { color: look.soft } },
  splitLine: { lineStyle: { color: look.rule } },
});

function bars(chart: Bars, look: Looks): Option {
  const names = { type: "category", data: chart.categories, ...axisLooks(look) };
  const category = chart.horizontal
    ? { ...names, inverse: true, axisLabel: { color: look.ink, width: 190, overflow: "truncate", interval: 0 } }
    : { ...names, axisLabel: { color: look.ink, hideOverlap: true, rotate: chart.categories.length > 8 ? 40 : 0, width: 120, overflow: "truncate" } };
  const placed = chart.horizontal ? { nameLocation: "middle", nameGap: 26 } : {};
  const value = { type: "value", name: chart.unit, ...placed, nameTextStyle: { color: look.soft }, minInterval: 1, ...axisLooks(look) };
  return {
    grid: { left: 8, right: 24, top: chart.series.length > 1 ? 40 : 28, bottom: chart.horizontal ? 24 : 8, containLabel: true },
    legend: chart.series.length > 1 ? { top: 0, textStyle: { color: look.ink } } : undefined,
    xAxis: chart.horizontal ? value : category,
    yAxis: chart.horizontal ? category : value,
    series: chart.series.map((series) => ({
      type: chart.kind,
      name: series.name,
      data: series.values,
      stack: chart.stacked ? "all" : undefined,
      barMaxWidth: 26,
      label: { show: chart.series.length === 1 && chart.categories.length <= 40 && chart.kind === "bar", position: chart.horizontal ? "right" : "top", color: look.ink },
    })),
  };
}

function points(chart: Points, look: Looks): Option {
  const axis = (name: string): Option => ({ type: "value", name, nameTextStyle: { color: look.soft }, scale: true, ...axisLooks(look) });
  return {
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    xAxis: axis(chart.axes[0]),
    yAxis: axis(chart.axes[1]),
    series: [{ type: "scatter", data: chart.points.map((point) => ({ value: [point.x, point.y], name: point.label, href: point.href })) }],
  };
}

function heat(chart: Heat, look: Looks): Option {
  const most = Math.max(1, ...chart.cells.map((cell) => cell.value));
  const label = { color: look.ink, interval: 0, width: chart.rows.length > 24 ? 215 : 150, overflow: "truncate" };
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: "category", data: chart.columns, axisLabel: { ...label, rotate: 50 }, splitArea: { show: true, areaStyle: { color: [look.sheet, look.faint] } } },
    yAxis: { type: "category", data: chart.rows, inverse: true, axisLabel: label },
    visualMap: { min: 0, max: most, text: [String(most), "0"], orient: "horizontal", left: "center", bottom: 0, textStyle: { color: look.ink }, inRange: { color: [look.faint, look.palette[0]] } },
    series: [
      {
        type: "heatmap",
        data: chart.cells.map((cell) => ({ value: [cell.column, cell.row, cell.value], href: cell.href })),
        label: { show: true, color: look.ink, textBorderColor: look.sheet, textBorderWidth: 2, formatter: (at: { value: number[] }) => String(at.value[2]) },
        itemStyle: { borderColor: look.sheet, borderWidth: 1 },
      },
    ],
  };
}

function network(chart: Network, look: Looks): Option {
  const categories = [...new Set(chart.nodes.map((node) => node.category ?? ""))];
  const most = Math.max(1, ...chart.nodes.map((node) => node.size ?? 1));
  const heaviest = Math.max(1, ...chart.edges.map((edge) => edge.weight ?? 1));
  return {
    legend: categories.length > 1 ? { top: 0, textStyle: { color: look.ink } } : undefined,
    series: [
      {
        type: "graph",
        layout: "force",
        roam: true,
        draggable: true,
        scaleLimit: { min: 0.3, max: 4 },
        force: { repulsion: chart.nodes.length > 60 ? 90 : 260, edgeLength: chart.nodes.length > 60 ? 60 : [70, 170], layoutAnimation: false },
        categories: categories.map((name) => ({ name })),
        edgeSymbol: chart.directed ? ["none", "arrow"] : undefined,
        edgeSymbolSize: 7,
        label: { show: chart.nodes.length <= 120, position: "right", color: look.ink, fontSize: 12 },
        labelLayout: { hideOverlap: true },
        lineStyle: { color: look.soft, opacity: 0.55, curveness: chart.directed ? 0.12 : 0 },
        emphasis: { focus: "adjacency", lineStyle: { opacity: 1 } },
        data: chart.nodes.map((node) => ({
          id: node.id,
          name: node.label,
          value: node.size,
          href: node.href,
          category: categories.indexOf(node.category ?? ""),
          symbolSize: 8 + 26 * Math.sqrt((node.size ?? 1) / most),
        })),
        edges: chart.edges.map((edge) => ({
          source: edge.from,
          target: edge.to,
          value: edge.weight,
          href: edge.href,
          lineStyle: { width: 1 + (4 * (edge.weight ?? 1)) / heaviest },
          label: edge.label ? { show: chart.edges.length <= 40, formatter: edge.label, color: look.soft, fontSize: 11 } : undefined,
        })),
      },
    ],
  };
}

function map(chart: Districts, look: Looks): Option {
  const most = Math.max(1, ...chart.areas.map((area) => area.value));
  return {
    visualMap: { min: 0, max: most, text: [`${most}${chart.unit ? ` ${chart.unit}` : ""}`, "0"], left: 8, bottom: 8, textStyle: { color: look.ink }, inRange: { color: [look.faint, look.palette[0]] } },
    series: [
      {
        type: "map",
        map: "shanghai",
        nameProperty: "adcode",
        roam: false,
        aspectScale: 0.86,
        selectedMode: false,
        label: { show: true, color: look.ink, fontSize: 11, textBorderColor: look.sheet, textBorderWidth: 2, formatter: (at: { name: string }) => labelOf(chart, at.name) },
        labelLayout: { hideOverlap: true },
        itemStyle: { areaColor: look.faint, borderColor: look.soft },
        emphasis: { label: { color: look.ink } },
        tooltip: { formatter: (at: { name: string; value?: number }) => `${labelOf(chart, at.name)}  ${at.value || 0}${chart.unit ? ` ${chart.unit}` : ""}` },
        data: chart.areas.map((area) => ({ name: area.code, value: area.value, href: area.href })),
      },
    ],
  };
}

const labelOf = (chart: Districts, code: string): string => chart.areas.find((area) => area.code === code)?.label ?? "";
