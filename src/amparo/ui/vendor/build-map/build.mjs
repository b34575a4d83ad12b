// Writes the shapes of the countries as SVG paths: Natural Earth (public domain), by way of world-atlas.
// Whole numbers and relative steps keep the map small enough for a slow line.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { geoEqualEarth, geoPath } from "d3-geo";

const require = createRequire(import.meta.url);
const world = JSON.parse(readFileSync(require.resolve("world-atlas/countries-110m.json")));
const countries = feature(world, world.objects.countries);
countries.features = countries.features.filter((country) => country.properties.name !== "Antarctica");
const [width, height] = [1600, 752];
const draw = geoPath(geoEqualEarth().fitExtent([[4, 4], [width - 4, height - 4]], countries)).digits(0);
// Without an ISO number of their own: shown with the State that the UN counts them in; Kosovo has a code of ours.
const withoutNumber = { Kosovo: "XKX", "N. Cyprus": "196", Somaliland: "706" };

function shorten(path) {
  return path.split("Z").filter(Boolean).map((ring) => {
    const points = ring.slice(1).split("L").map((point) => point.split(",").map(Number));
    let [x, y] = points[0];
    let steps = "";
    for (const [nextX, nextY] of points.slice(1)) {
      if (nextX === x && nextY === y) continue;
      const [dx, dy] = [nextX - x, nextY - y];
      steps += (steps && dx >= 0 ? " " : "") + dx + (dy >= 0 ? " " : "") + dy;
      [x, y] = [nextX, nextY];
    }
    return steps ? `M${points[0][0]} ${points[0][1]}l${steps}z` : "";
  }).join("");
}

const rows = countries.features.map((country) => {
  const code = country.id ?? withoutNumber[country.properties.name];
  return `${code},${shorten(draw(country))}`;
});
writeFileSync(process.argv[2], ["country,path", ...rows.sort()].join("\n") + "\n");
