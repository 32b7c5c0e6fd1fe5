// The outlines of Shanghai's districts (see api/web/districts/NOTICE.txt), fetched once from our own files.
import address from "../districts/shanghai.geojson?url";
import type { GeoJSONSourceInput } from "echarts/types/src/coord/geo/geoTypes.js";

export async function districts(): Promise<GeoJSONSourceInput> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return (await response.json()) as GeoJSONSourceInput;
}
