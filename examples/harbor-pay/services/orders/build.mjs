import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Compiles the tariff table into what the server looks prices up in: berth → season → cents per hour. */
const [, ...rows] = readFileSync('data/tariffs.csv', 'utf8').trimEnd().split('\n');
const tariffs = {};
for (const row of rows) {
  const [berth, , , , season, cents] = row.split(',');
  (tariffs[berth] ??= {})[season] = Number(cents);
}
mkdirSync('dist', { recursive: true });
writeFileSync('dist/tariffs.json', JSON.stringify(tariffs));
console.log(`compiled ${rows.length} tariffs for ${Object.keys(tariffs).length} berths`);
