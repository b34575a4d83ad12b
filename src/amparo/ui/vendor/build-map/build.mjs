// Writes the shapes of the countries as SVG paths: Natural Earth (public domain), by way of world-atlas.
// Whole numbers and relative steps keep the map small enough for a slow line. Countries that have no shape at 1:110m are
// small islands and city States: a place of their own, found at 1:50m, where the map draws a circle.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { geoArea, geoCentroid, geoEqualEarth, geoPath } from "d3-geo";

const require = createRequire(import.meta.url);
const read = (name) => {
  const world = JSON.parse(readFileSync(require.resolve(`world-atlas/${name}`)));
  return feature(world, world.objects.countries);
};
const countries = read("countries-110m.json");
countries.features = countries.features.filter((country) => country.properties.name !== "Antarctica");
const [width, height] = [1600, 752];
const project = geoEqualEarth().fitExtent([[4, 4], [width - 4, height - 4]], countries);
const draw = geoPath(project).digits(0);
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

function placeOf({ geometry }) {
  const parts = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  const [largest] = parts
    .map((coordinates) => ({ type: "Polygon", coordinates }))
    .sort((one, other) => geoArea(other) - geoArea(one));
  return geoCentroid(largest);
}

const rows = countries.features.map((country) => {
  const code = country.id ?? withoutNumber[country.properties.name];
  return `${code},${shorten(draw(country))},`;
});
const drawn = new Set(countries.features.map((country) => country.id));
const small = read("countries-50m.json").features.filter(({ id }) => id && id !== "010" && !drawn.has(id));
const places = new Map(small.map((country) => [country.id, placeOf(country)]));
// Tuvalu is missing at 1:50m too: Funafuti.
places.set("798", [179.2, -8.5]);
for (const [code, place] of places) {
  const [x, y] = project(place).map(Math.round);
  rows.push(`${code},,${Math.min(x, width - 8)} ${y}`);
}
writeFileSync(process.argv[2], ["country,path,place", ...rows.sort()].join("\n") + "\n");
