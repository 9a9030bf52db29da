// web/land.js from Natural Earth's land at 1:110 million (public domain), as the npm package world-atlas 2.0.2 has it:
//   npm install world-atlas@2.0.2 topojson-client@3.1.0 && node tools/build_land.mjs > web/land.js
// Coordinates are degrees, rounded to a quarter, north up (y is negative latitude); rings that vanish in that are left out.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(pathToFileURL(process.cwd() + '/'));
const {feature} = require('topojson-client');
const world = JSON.parse(readFileSync(require.resolve('world-atlas/land-110m.json'), 'utf8'));
const round = n => Math.round(n * 4);
let path = '';
for (const polygon of feature(world, world.objects.land).features.flatMap(f => f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates)) {
  for (const ring of polygon) {
    const points = [];
    for (const [x, y] of ring) {
      const p = [round(x), round(-y)], last = points[points.length - 1];
      if (!last || last[0] !== p[0] || last[1] !== p[1]) points.push(p);
    }
    if (points.length < 4) continue;
    let [px, py] = points[0];
    path += `M${px / 4} ${py / 4}l`;
    path += points.slice(1, -1).map(([x, y]) => { const step = `${(x - px) / 4} ${(y - py) / 4}`; [px, py] = [x, y]; return step; }).join(' ').replace(/ -/g, '-').replace(/\b0\./g, '.') + 'Z';
  }
}
process.stdout.write(`// Made by tools/build_land.mjs from Natural Earth's land at 1:110 million (public domain).\nexport const LAND = '${path}';\n`);
