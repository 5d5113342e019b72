import { markup, type Markup, type MarkupValue } from './markup.ts';

/** What the parts of a page are made of. */

export function section(title: string, ...body: readonly Markup[]): Markup {
  return markup`<section>
<h2>${title}</h2>
${body}</section>
`;
}

/** The first cell of each row is its head. */
export function table(
  head: readonly string[],
  rows: readonly (readonly MarkupValue[])[],
  kind = '',
): Markup {
  const heads = head.map((one) =>
    one === '' ? markup`<td></td>` : markup`<th scope="col">${one}</th>`,
  );
  const body = rows.map(([first = '', ...cells]) => {
    const others = cells.map((cell) => (isCell(cell) ? cell : markup`<td>${cell}</td>`));
    return markup`<tr><th scope="row">${first}</th>${others}</tr>\n`;
  });
  return markup`<table class="${kind}">
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
</table>
`;
}

/** A table of names and what they are. */
export function facts(rows: readonly (readonly [string, MarkupValue])[]): Markup {
  const body = rows.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`,
  );
  return markup`<table><tbody>\n${body}</tbody></table>\n`;
}

/** A cell with a shade of its own. */
export function shaded(shade: 0 | 1 | 2 | 3 | 4, value: MarkupValue): Markup {
  return markup`<td class="h${shade}">${value}</td>`;
}

function isCell(value: MarkupValue): value is Markup {
  return typeof value === 'object' && 'text' in value && value.text.startsWith('<td');
}

export function toned(tone: 'good' | 'bad' | 'warn' | 'quiet', text: MarkupValue): Markup {
  return markup`<span class="${tone}">${text}</span>`;
}

export function code(text: string): Markup {
  return markup`<code>${text}</code>`;
}
