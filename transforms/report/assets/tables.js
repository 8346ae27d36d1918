/* Tables: sorted by the button in a column's head, filtered by the words in a field, long ones folded. */
const FOLDED = 12; // rows shown of a table with more than a few more
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function enhanceTable(box) {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const state = { rows: [...body.rows], query: "", open: body.rows.length <= FOLDED + 3 };
  const heads = [...table.tHead.rows[0].cells];
  const sorts = (head) => !head.querySelector(".spoken"); // a column whose name is not shown repeats another
  heads.forEach((head, column) => sorts(head) && addSortButton(head, column, heads, state, () => show(box, state)));
  if (box.dataset.filter) addFilter(box, state);
  if (!state.open) addUnfoldButton(box, state);
  show(box, state);
}

function addSortButton(head, column, heads, state, done) {
  const button = make("button", { type: "button", title: head.title }, head.textContent);
  head.removeAttribute("title");
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const first = head.classList.contains("number") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const direction = head.getAttribute("aria-sort") === first ? other : first;
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    state.rows = sorted(state.rows, column, direction === "ascending" ? 1 : -1);
    done();
    tell(`Sorted by ${button.textContent}, ${direction}`);
  });
}

/* Rows in order; those without a value last, whatever the direction. Array.sort keeps the order of equals. */
function sorted(rows, column, sign) {
  const key = (row) => row.cells[column].dataset.value;
  const numeric = rows.some((row) => key(row) !== undefined);
  const compare = (a, b) => {
    if (!numeric) return sign * words.compare(a.cells[column].textContent, b.cells[column].textContent);
    if (key(a) === undefined || key(b) === undefined) return (key(a) === undefined) - (key(b) === undefined);
    return sign * (Number(key(a)) - Number(key(b)));
  };
  return [...rows].sort(compare);
}

function addFilter(box, state) {
  const label = make("label", {}, `${box.dataset.filter} `);
  const field = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  label.append(field);
  const tools = make("div", { class: "tools" });
  tools.append(label, make("span", { class: "matches" }));
  box.prepend(tools);
  field.addEventListener("input", () => {
    state.query = field.value.trim().toLowerCase();
    const matches = show(box, state);
    const found = state.query ? `${matches} of ${state.rows.length}` : "";
    tools.querySelector(".matches").textContent = found;
    tell(found);
  });
}

function addUnfoldButton(box, state) {
  const button = make("button", { type: "button", class: "button quiet unfold", "aria-expanded": "false" });
  const label = () => (button.textContent = state.open ? "Show fewer" : `Show all ${state.rows.length} rows`);
  button.addEventListener("click", () => {
    state.open = !state.open;
    button.setAttribute("aria-expanded", String(state.open));
    label();
    show(box, state);
  });
  label();
  box.querySelector(".scroll").after(button);
}

/* Put the rows in their order and hide those that are filtered out or folded away; how many match. */
function show(box, state) {
  const matching = state.rows.filter((row) => row.cells[0].textContent.toLowerCase().includes(state.query));
  const shown = new Set(state.open || state.query ? matching : matching.slice(0, FOLDED));
  for (const row of state.rows) row.hidden = !shown.has(row);
  box.querySelector("tbody").append(...state.rows);
  const unfold = box.querySelector(".unfold");
  if (unfold) unfold.hidden = state.query !== "";
  return matching.length;
}
